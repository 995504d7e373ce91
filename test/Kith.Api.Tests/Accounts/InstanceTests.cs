using Kith.Testing;

namespace Kith.Api.Tests.Accounts;

public sealed class InstanceTests
{
    [Fact]
    public async Task An_instance_is_new_until_the_first_account_exists()
    {
        await using var empty = await KithHost.Start(new KithHostSetup());
        Assert.True((await empty.Anonymous().Get("/instance")).Ok().GetProperty("is_new").GetBoolean());
        await empty.Register();
        var instance = (await empty.Anonymous().Get("/instance")).Ok();
        Assert.False(instance.GetProperty("is_new").GetBoolean());
        Assert.Equal("open", instance.GetProperty("registration").GetString());
    }
}
