using System.Reflection;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Api.Tests.Messages;

/// <summary>A store that goes away in the middle of a deletion: whatever was done is told.</summary>
public sealed class StoreAwayTests
{
    [Theory]
    [InlineData(nameof(IMessageStore.DeleteAsync), true)]
    [InlineData(nameof(IMessageStore.DeleteAsync), false)]
    [InlineData(nameof(IMessageStore.LastIdsAsync), true)]
    public async Task A_deletion_is_told_though_the_store_goes_away_before_or_after_it_is_done(string method, bool isDone)
    {
        StoreThatGoesAway? store = null;
        await using var host = await KithHost.Start(new KithHostSetup { Services = services => StoreThatGoesAway.Decorate(services, s => store = s) });
        var (alice, bob) = (await host.Register(), await host.Register());
        var guild = await alice.CreateGuild();
        await guild.Admit(bob);
        var messages = new List<MessageId>();
        for (var i = 0; i < 4; i++)
            messages.Add((await alice.Send(guild.General, $"{i}")).Id<MessageId>());
        await using var socket = await GatewayProbe.Login(bob);

        store!.Away(method, isDone, times: 2);
        (await alice.Api.Delete($"/channels/{guild.General}/messages/{messages[3]}")).Ok(204);
        var one = await socket.Wait("MESSAGE_DELETE");
        Assert.Equal((messages[3], messages[2]), (one.Data.Id<MessageId>(), one.Data.Id<MessageId>("last_message_id")));

        store.Away(method, isDone, times: 2);
        (await alice.Api.Post($"/channels/{guild.General}/messages/bulk-delete", new { messages = messages[1..] })).Ok(204);
        var both = await socket.Wait("MESSAGE_DELETE_BULK");
        Assert.Equal(messages[1..3].Select(m => m.ToString()).Order(), both.Data.Items("ids").Select(i => i.GetString()!).Order());
        (await alice.Api.Delete($"/channels/{guild.General}/messages/{messages[3]}")).Refused(ErrorCode.UnknownMessage);
        Assert.Equal(["0"], (await alice.Api.Get($"/channels/{guild.General}/messages")).Ok().Items().Where(m => m.Int("type") == 0).Select(m => m.Str("content")));
    }

    /// <summary>The server's own store; of one method the next calls do not answer.</summary>
    public class StoreThatGoesAway : DispatchProxy
    {
        IMessageStore inner = null!;
        string method = "";
        bool isDone;
        int times;

        public static void Decorate(IServiceCollection services, Action<StoreThatGoesAway> made)
        {
            var original = services.Last(s => s.ServiceType == typeof(IMessageStore));
            services.AddSingleton(provider =>
            {
                var store = Create<IMessageStore, StoreThatGoesAway>();
                var proxy = (StoreThatGoesAway)(object)store;
                proxy.inner = (IMessageStore)(original.ImplementationInstance ?? original.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, original.ImplementationType!));
                made(proxy);
                return store;
            });
        }

        /// <param name="method">Its name.</param>
        /// <param name="isDone">Whether what it was asked for is done, and only not answered.</param>
        /// <param name="times">How often.</param>
        public void Away(string method, bool isDone, int times) => (this.method, this.isDone, this.times) = (method, isDone, times);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var isAway = targetMethod!.Name == method && Interlocked.Decrement(ref times) >= 0;
            if (isAway && !isDone) throw new UnavailableException("the store");
            var answer = targetMethod.Invoke(inner, args);
            return !isAway ? answer
                : answer is Task<IReadOnlyList<MessageRecord>> records ? Lose(records)
                : Lose((Task<IReadOnlyDictionary<ChannelId, MessageId>>)answer!);
        }

        static async Task<T> Lose<T>(Task<T> answer)
        {
            await answer;
            throw new UnavailableException("the store");
        }
    }
}
