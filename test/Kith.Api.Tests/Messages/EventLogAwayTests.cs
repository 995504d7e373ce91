using Kith.Engine.Delivery;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Api.Tests.Messages;

public sealed class EventLogAwayTests
{
    [Fact]
    public async Task What_could_not_be_told_is_refused_before_anything_is_done()
    {
        var log = new LogThatGoesAway();
        await using var host = await KithHost.Start(new KithHostSetup { Services = services => services.AddSingleton<IEventLog>(log) });
        var alice = await host.Register();
        var guild = await alice.CreateGuild("here");
        var at = $"/channels/{guild.General}/messages";
        await alice.Send(guild.General, "before");

        log.Away = true;
        (await alice.Api.Post(at, new { content = "meanwhile" })).Refused(ErrorCode.Unavailable);
        (await alice.Api.Patch($"/guilds/{guild.Id}", new { name = "elsewhere" })).Refused(ErrorCode.Unavailable);
        (await alice.Api.Put($"/channels/{guild.General}/permissions/{guild.Id}", new { type = 0, deny = "1024", allow = "0" })).Refused(ErrorCode.Unavailable);

        // Reading goes on, and shows that nothing is half done.
        Assert.Equal("before", (await alice.Api.Get(at)).Ok().Items().Single().Str("content"));
        Assert.Equal("here", (await alice.Api.Get($"/guilds/{guild.Id}")).Ok().Str("name"));
        log.Away = false;
        await alice.Send(guild.General, "after");
    }

    sealed class LogThatGoesAway : IEventLog
    {
        public bool Away { get; set; }

        public ValueTask PublishAsync(Event e, CancellationToken ct) => default;

        public void RefuseIfAway()
        {
            if (Away) throw new UnavailableException("Kafka");
        }
    }
}
