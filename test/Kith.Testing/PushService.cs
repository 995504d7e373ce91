using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kith.Testing;

/// <summary>One request that a push service got.</summary>
public sealed record PushRequest(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, string Protocol)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A push service on a port of 127.0.0.1: takes what comes, and answers as the test says.</summary>
public sealed class PushService : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<PushRequest> requests = new();
    readonly SemaphoreSlim arrived = new(0);
    Func<PushRequest, HttpResponse, Task>? answer;

    PushService(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>All so far, oldest first.</summary>
    public IReadOnlyList<PushRequest> Requests => [.. requests];

    /// <param name="protocols">HTTP/2 without TLS, as APNs is spoken here, needs to be told.</param>
    public static async Task<PushService> Start(HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var service = new PushService(builder.Build());
        service.app.Run(service.TakeAsync);
        await service.app.StartAsync();
        service.Address = new Uri(service.app.Urls.First());
        return service;
    }

    /// <summary>How requests are answered from now on; without one, with 201.</summary>
    public void Answer(Func<PushRequest, HttpResponse, Task>? how) => answer = how;

    public void Answer(int status, params (string Name, string Value)[] headers) => Answer((_, response) =>
    {
        response.StatusCode = status;
        foreach (var (name, value) in headers)
            response.Headers[name] = value;
        return Task.CompletedTask;
    });

    /// <summary>Waits until so many requests have come in all.</summary>
    public async Task<IReadOnlyList<PushRequest>> Wait(int count)
    {
        while (requests.Count < count)
            await Deadline.For(arrived.WaitAsync(Deadline.Default), () => $"{count} pushes; so far {requests.Count}");
        return Requests;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var request = new PushRequest(
            http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray(), http.Request.Protocol);
        requests.Enqueue(request);
        arrived.Release();
        http.Response.StatusCode = 201;
        if (answer is { } how) await how(request, http.Response);
    }
}
