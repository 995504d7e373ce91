using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;
using TestMedia = Kith.Testing.Media;

namespace Kith.Api.Tests.Guilds;

/// <summary>Custom emojis and stickers.</summary>
public sealed class ExpressionsTests(KithHost host)
{
    static string DataUri(byte[] picture) => $"data:image/png;base64,{Convert.ToBase64String(picture)}";

    static string Emojis(TestGuild guild) => $"/guilds/{guild.Id}/emojis";

    static string Stickers(TestGuild guild) => $"/guilds/{guild.Id}/stickers";

    async Task<(TestGuild Guild, TestUser Owner, TestUser Member)> ScenarioAsync()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        return (guild, users[0], users[1]);
    }

    Task<FileAnswer> Get(string path) => TestMedia.Get(new Uri(host.Address, path).ToString());

    static MultipartFormDataContent StickerForm(byte[] file, string name = "wave", string tags = "👋") => new()
    {
        { new StringContent(name), "name" }, { new StringContent("hello"), "description" }, { new StringContent(tags), "tags" }, { new ByteArrayContent(file), "file", "s.png" },
    };

    [Fact]
    public async Task An_emoji_is_made_renamed_and_deleted_and_everyone_is_told()
    {
        var (guild, owner, member) = await ScenarioAsync();
        await using var probe = await GatewayProbe.Login(member);
        var emoji = (await owner.Api.Post(Emojis(guild), new { name = "blob_wave", image = DataUri(Pictures.Png(64, 64)) })).Ok(201);
        Assert.Equal(owner.Id, emoji.GetProperty("user").Id<UserId>());
        Assert.Equal(["blob_wave"], (await probe.Next("GUILD_EMOJIS_UPDATE")).Items("emojis").Select(e => e.Str("name")));
        (await Get($"/emojis/{emoji.Str("id")}.png")).Expect(200);
        Assert.Equal("image/webp", (await Get($"/emojis/{emoji.Str("id")}.webp?size=32")).Expect(200).Header("Content-Type"));
        Assert.Equal("blob", (await owner.Api.Patch($"{Emojis(guild)}/{emoji.Str("id")}", new { name = "blob" })).Ok().Str("name"));
        Assert.Equal(["blob"], (await probe.Next("GUILD_EMOJIS_UPDATE", e => e.Items("emojis")[0].Str("name") == "blob")).Items("emojis").Select(e => e.Str("name")));
        Assert.Equal(["blob"], (await member.Api.Get(Emojis(guild))).Ok().Items().Select(e => e.Str("name")));
        await using var late = await GatewayProbe.Login(member);
        Assert.Equal(["blob"], late.Events.Single(e => e.Name == "GUILD_CREATE").Data.Items("emojis").Select(e => e.Str("name")));
        (await owner.Api.Delete($"{Emojis(guild)}/{emoji.Str("id")}")).Ok(204);
        await probe.Next("GUILD_EMOJIS_UPDATE", e => e.Items("emojis").Count == 0);
        (await member.Api.Get($"{Emojis(guild)}/{emoji.Str("id")}")).Refused(ErrorCode.UnknownEmoji);
        (await Get($"/emojis/{emoji.Str("id")}.png")).Expect(404);
    }

    [Theory]
    [InlineData("a", null, "name")]
    [InlineData("with space", null, "name")]
    [InlineData("größe", null, "name")]
    [InlineData("fine", "data:image/png;base64,AAAA", "image")]
    [InlineData("fine", "https://example.org/x.png", "image")]
    [InlineData("fine", "", "image")]
    public async Task An_emoji_that_is_none_is_refused(string name, string? image, string field)
    {
        var (guild, owner, _) = await ScenarioAsync();
        (await owner.Api.Post(Emojis(guild), new { name, image = image ?? DataUri(Pictures.Png(8, 8)) })).RefusedField(field);
        Assert.Empty((await owner.Api.Get(Emojis(guild))).Ok().Items());
    }

    [Fact]
    public async Task An_emoji_has_at_most_256_kilobytes()
    {
        var (guild, owner, _) = await ScenarioAsync();
        var large = TestFile.Noise("x", (256 << 10) + 1).Content;
        Assert.Equal("BINARY_TYPE_MAX_SIZE", (await owner.Api.Post(Emojis(guild), new { name = "large", image = DataUri(large) })).RefusedField("image"));
    }

    [Fact]
    public async Task Members_change_their_own_and_no_others()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var theirs = (await owner.Api.Post(Emojis(guild), new { name = "owners", image = DataUri(Pictures.Png(8, 8)) })).Ok(201).Str("id");
        var mine = (await member.Api.Post(Emojis(guild), new { name = "members", image = DataUri(Pictures.Png(8, 8)) })).Ok(201).Str("id");
        (await member.Api.Patch($"{Emojis(guild)}/{theirs}", new { name = "stolen" })).Refused(ErrorCode.MissingPermissions);
        (await member.Api.Delete($"{Emojis(guild)}/{theirs}")).Refused(ErrorCode.MissingPermissions);
        (await member.Api.Delete($"{Emojis(guild)}/{mine}")).Ok(204);
        var stranger = await host.Register();
        (await stranger.Api.Get(Emojis(guild))).Refused(ErrorCode.UnknownGuild);
        (await owner.Api.Patch($"/guilds/{guild.Id}/roles/{guild.Everyone}", new { permissions = ((ulong)Permissions.ViewChannel).ToString() })).Ok();
        (await member.Api.Post(Emojis(guild), new { name = "more", image = DataUri(Pictures.Png(8, 8)) })).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task An_emoji_is_in_the_audit_log()
    {
        var (guild, owner, _) = await ScenarioAsync();
        var emoji = (await owner.Api.Post(Emojis(guild), new { name = "logged", image = DataUri(Pictures.Png(8, 8)) })).Ok(201);
        var entry = (await owner.Api.Get($"/guilds/{guild.Id}/audit-logs?action_type=60")).Ok().Items("audit_log_entries").Single();
        Assert.Equal(emoji.Str("id"), entry.Str("target_id"));
    }

    [Fact]
    public async Task A_sticker_is_made_sent_changed_and_deleted()
    {
        var (guild, owner, member) = await ScenarioAsync();
        await using var probe = await GatewayProbe.Login(member);
        var sticker = (await owner.Api.Post(Stickers(guild), StickerForm(Pictures.Png(120, 120)))).Ok(201);
        var id = sticker.Str("id");
        Assert.Equal((1, "👋"), (sticker.Int("format_type"), sticker.Str("tags")));
        Assert.Equal([id], (await probe.Next("GUILD_STICKERS_UPDATE")).Items("stickers").Select(s => s.Str("id")));
        (await Get($"/stickers/{id}.png")).Expect(200);
        var sent = (await member.Api.Post($"/channels/{guild.General}/messages", new { sticker_ids = new[] { id } })).Ok();
        Assert.Equal([id], sent.Items("sticker_items").Select(s => s.Str("id")));
        Assert.Equal("wave", (await owner.Api.Get($"/channels/{guild.General}/messages/{sent.Str("id")}")).Ok().Items("sticker_items")[0].Str("name"));
        Assert.Equal("hi", (await owner.Api.Patch($"{Stickers(guild)}/{id}", new { name = "hi" })).Ok().Str("name"));
        Assert.Equal("hi", (await member.Api.Get($"/stickers/{id}")).Ok().Str("name"));
        (await owner.Api.Delete($"{Stickers(guild)}/{id}")).Ok(204);
        (await Get($"/stickers/{id}.png")).Expect(404);
        (await member.Api.Post($"/channels/{guild.General}/messages", new { sticker_ids = new[] { id } })).Refused(ErrorCode.UnknownSticker);
    }

    [Fact]
    public async Task A_sticker_that_is_none_is_refused()
    {
        var (guild, owner, member) = await ScenarioAsync();
        (await owner.Api.Post(Stickers(guild), StickerForm("no picture"u8.ToArray()))).RefusedField("file");
        (await owner.Api.Post(Stickers(guild), StickerForm(Pictures.Png(8, 8), name: "x"))).RefusedField("name");
        (await owner.Api.Post(Stickers(guild), StickerForm(TestFile.Noise("x", (512 << 10) + 1).Content))).RefusedField("file");
        (await owner.Api.Post(Stickers(guild), new MultipartFormDataContent { { new StringContent("name"), "name" } })).RefusedField("file");
        (await owner.Api.Post(Stickers(guild), new { name = "json" })).RefusedField("_body");
        var stranger = await host.Register();
        var sticker = (await member.Api.Post(Stickers(guild), StickerForm(Pictures.Png(8, 8)))).Ok(201);
        (await stranger.Api.Get($"/stickers/{sticker.Str("id")}")).Refused(ErrorCode.UnknownSticker);
    }

    [Fact]
    public async Task The_pictures_of_a_guild_go_with_it()
    {
        var (guild, owner, _) = await ScenarioAsync();
        var emoji = (await owner.Api.Post(Emojis(guild), new { name = "gone", image = DataUri(Pictures.Png(8, 8)) })).Ok(201).Str("id");
        (await owner.Api.Delete($"/guilds/{guild.Id}")).Ok(204);
        (await Get($"/emojis/{emoji}.png")).Expect(404);
    }
}
