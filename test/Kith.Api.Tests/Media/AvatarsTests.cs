using Kith.Domain;
using Kith.Engine.Media;
using Kith.Engine.Media.Pictures;
using Kith.Protocol;
using Kith.Testing;
using TestMedia = Kith.Testing.Media;

namespace Kith.Api.Tests.Media;

/// <summary>Avatars, banners, icons.</summary>
public sealed class AvatarsTests(KithHost host)
{
    static string DataUri(byte[] picture, string type = "image/png") => $"data:{type};base64,{Convert.ToBase64String(picture)}";

    Task<FileAnswer> Get(string path) => TestMedia.Get(new Uri(host.Address, path).ToString());

    static (int, int) SizeOf(byte[] picture)
    {
        using var stream = new MemoryStream(picture);
        var header = ImageHeader.Read(stream, FileTypes.Of(picture))!;
        return (header.Width, header.Height);
    }

    [Fact]
    public async Task An_avatar_is_kept_shown_in_any_size_and_gone_with_the_next()
    {
        var (user, friend) = (await host.Register(), await host.Register());
        await user.Befriend(friend);
        await using var probe = await GatewayProbe.Login(friend);
        var first = (await user.Api.Patch("/users/@me", new { avatar = DataUri(Pictures.Png(300, 300)) })).Ok().Str("avatar")!;
        Assert.Equal(first, (await probe.Next("USER_UPDATE")).Str("avatar"));
        Assert.Equal((300, 300), SizeOf((await Get($"/avatars/{user.Id}/{first}.png")).Expect(200).Content));
        var small = (await Get($"/avatars/{user.Id}/{first}.webp?size=64")).Expect(200);
        Assert.Equal(("image/webp", (64, 64)), (small.Header("Content-Type"), SizeOf(small.Content)));
        Assert.Contains("immutable", small.Header("Cache-Control"), StringComparison.Ordinal);
        var second = (await user.Api.Patch("/users/@me", new { avatar = DataUri(Pictures.Png(200, 200)) })).Ok().Str("avatar")!;
        Assert.NotEqual(first, second);
        (await Get($"/avatars/{user.Id}/{first}.png")).Expect(404);
        (await Get($"/avatars/{user.Id}/{second}.png")).Expect(200);
        Assert.Null((await user.Api.Patch("/users/@me", new { avatar = (string?)null })).Ok().Str("avatar"));
        (await Get($"/avatars/{user.Id}/{second}.png")).Expect(404);
    }

    [Fact]
    public async Task An_avatar_that_moves_says_so_in_its_name()
    {
        var user = await host.Register();
        var hash = (await user.Api.Patch("/users/@me", new { avatar = DataUri(await Pictures.Gif(64, 64), "image/gif") })).Ok().Str("avatar")!;
        Assert.StartsWith("a_", hash, StringComparison.Ordinal);
        Assert.Equal("image/gif", (await Get($"/avatars/{user.Id}/{hash}.gif")).Expect(200).Header("Content-Type"));
        Assert.Equal("image/png", (await Get($"/avatars/{user.Id}/{hash}.png")).Expect(200).Header("Content-Type"));
    }

    [Theory]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("data:image/png;base64,%%%")]
    [InlineData("data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+")]
    [InlineData("data:text/html;base64,PGI+")]
    [InlineData("https://example.org/me.png")]
    [InlineData("data:image/png;base64,")]
    public async Task What_is_no_picture_is_no_avatar(string avatar)
    {
        var user = await host.Register();
        (await user.Api.Patch("/users/@me", new { avatar })).RefusedField("avatar");
    }

    [Fact]
    public async Task A_picture_of_30000_by_30000_is_no_avatar_and_neither_is_one_of_many_megabytes()
    {
        var user = await host.Register();
        Assert.Equal("IMAGE_INVALID", (await user.Api.Patch("/users/@me", new { avatar = DataUri(Pictures.Png(30_000, 30_000, decodable: false)) })).RefusedField("avatar"));
        Assert.Equal("BINARY_TYPE_MAX_SIZE", (await user.Api.Patch("/users/@me", new { avatar = DataUri(TestFile.Noise("x", (4 << 20) + 1).Content) })).RefusedField("avatar"));
        (await user.Api.Patch("/users/@me", new { avatar = DataUri(new byte[8 << 20]) })).Refused(ErrorCode.RequestTooLarge);
    }

    [Fact]
    public async Task A_refused_change_leaves_the_avatar_as_it_was()
    {
        var user = await host.Register();
        var hash = (await user.Api.Patch("/users/@me", new { avatar = DataUri(Pictures.Png(30, 30)) })).Ok().Str("avatar")!;
        (await user.Api.Patch("/users/@me", new { avatar = DataUri(Pictures.Png(40, 40)), bio = new string('x', 500) })).RefusedField("bio");
        (await Get($"/avatars/{user.Id}/{hash}.png")).Expect(200);
        Assert.Equal(hash, (await user.Api.Get("/users/@me")).Ok().Str("avatar"));
    }

    [Fact]
    public async Task A_server_has_an_icon_and_a_banner()
    {
        var owner = await host.Register();
        var guild = (await owner.Api.Post("/guilds", new { name = "With icon", icon = DataUri(Pictures.Png(64, 64)) })).Ok(201);
        (await Get($"/icons/{guild.Str("id")}/{guild.Str("icon")}.png")).Expect(200);
        await using var probe = await GatewayProbe.Login(owner);
        var changed = (await owner.Api.Patch($"/guilds/{guild.Str("id")}", new { banner = DataUri(Pictures.Png(96, 54)), icon = DataUri(Pictures.Png(48, 48)) })).Ok();
        Assert.Equal(changed.Str("icon"), (await probe.Next("GUILD_UPDATE")).Str("icon"));
        (await Get($"/icons/{guild.Str("id")}/{changed.Str("icon")}.webp")).Expect(200);
        (await Get($"/banners/{guild.Str("id")}/{changed.Str("banner")}.png?size=32")).Expect(200);
        (await Get($"/icons/{guild.Str("id")}/{guild.Str("icon")}.png")).Expect(404);
        var member = await host.Register();
        (await member.Api.Patch($"/guilds/{guild.Str("id")}", new { icon = DataUri(Pictures.Png(10, 10)) })).Refused(ErrorCode.UnknownGuild);
        (await owner.Api.Patch($"/guilds/{guild.Str("id")}", new { icon = "data:image/png;base64,AAAA" })).RefusedField("icon");
    }

    [Fact]
    public async Task A_group_has_an_icon()
    {
        var users = await host.Register(3);
        foreach (var other in users.Skip(1))
            await users[0].Befriend(other);
        var group = await users[0].OpenGroup(users[1].Id, users[2].Id);
        var icon = (await users[1].Api.Patch($"/channels/{group}", new { icon = DataUri(Pictures.Png(64, 64)) })).Ok().Str("icon");
        (await Get($"/channel-icons/{group}/{icon}.png")).Expect(200);
    }

    [Theory]
    [InlineData("/avatars/1/none.png")]
    [InlineData("/avatars/x/none.png")]
    [InlineData("/avatars/1/none")]
    [InlineData("/avatars/1/none.svg")]
    [InlineData("/avatars/1/none.png?size=5000")]
    [InlineData("/avatars/1/..%2f..%2fpasswd.png")]
    public async Task An_address_of_nothing_finds_nothing(string path) => (await Get(path)).Expect(404);
}
