using System.Net;
using System.Xml.Linq;
using VSan.Contracts.Api;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

public sealed class UsersAppTests(WebConsole console) : IClassFixture<WebConsole>
{
    private SimulatedPool Pool => console.Pool;

    [Fact]
    public async Task User_MadeGivenRolesLockedOutAndDeleted()
    {
        ConsolePage made = await (await console.OpenAsync("/app/users", Role.SecurityAdmin)).SubmitAsync("/app/users", ("name", "ada"), ("role", "Viewer"), ("scope", "pool"));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Contains("This is the password of ada.", made.Text, StringComparison.Ordinal);
        User ada = await NamedAsync("ada");
        Assert.Equal([new RoleBinding(Role.Viewer, "pool")], ada.Bindings);

        string path = $"/app/users/{ada.Id}";
        ConsolePage page = await console.OpenAsync(path, Role.SecurityAdmin);
        Assert.Equal(HttpStatusCode.BadRequest, (await page.SubmitAsync($"{path}/bind", ("role", "Operator"), ("scope", "everywhere"))).Status);
        page = await page.FollowAsync($"{path}/bind", ("role", "Operator"), ("scope", "project:web"));
        Assert.Contains("project:web", page.Text, StringComparison.Ordinal);
        Assert.Equal(2, page.Changes.Count(change => change == $"{path}/unbind"));
        page = await page.FollowAsync($"{path}/disable");
        Assert.True((await NamedAsync("ada")).Disabled);
        page = await page.FollowAsync($"{path}/enable");
        Assert.Contains("This is the password of ada.", (await page.SubmitAsync($"{path}/reset-password")).Text, StringComparison.Ordinal);

        await (await console.OpenAsync($"{path}/delete", Role.SecurityAdmin)).FollowAsync($"{path}/delete", ("confirm", "ada"));
        Assert.Empty((await Pool.Services.Users.ListAsync(SimulatedPool.Admin, new(Name: "ada"), default)).Items);
    }

    [Fact]
    public async Task AccessToken_MadeShownOnceAndRevoked()
    {
        const string Path = "/app/users/tokens";
        ConsolePage made = await (await console.OpenAsync(Path)).SubmitAsync(Path, ("name", "backup-script"), ("role", "Operator"), ("days", "7"));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Contains("Authorization: Bearer", made.Text, StringComparison.Ordinal);
        AccessToken token = Assert.Single((await Pool.Services.AccessTokens.ListAsync(SimulatedPool.Admin, new(), default)).Items);
        ConsolePage after = await made.FollowAsync($"{Path}/{token.Id}/revoke");
        Assert.DoesNotContain("backup-script", after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_AuthenticatorAndPassword()
    {
        UserPassword made = await Pool.Services.Users.CreateAsync(SimulatedPool.Admin, new UserCreate("grace", [new RoleBinding(Role.Viewer, "all")]), null, default);
        console.PersonId = made.User.Id;
        try
        {
            const string Path = "/app/users/account";
            ConsolePage page = await (await console.OpenAsync(Path, Role.Viewer)).SubmitAsync($"{Path}/totp");
            Assert.Contains("otpauth://totp/VSan:grace", page.Text, StringComparison.Ordinal);
            Assert.Single(page.Markup.Descendants("pre").SelectMany(pre => pre.Elements("code")), (XElement code) => code.Value.Length == 32);
            Assert.Equal(HttpStatusCode.BadRequest, (await page.SubmitAsync($"{Path}/totp/confirm", ("code", "12"))).Status);

            ConsolePage differ = await page.SubmitAsync($"{Path}/password", ("present", made.Password!), ("new", "a longer password"), ("again", "another password"));
            Assert.Equal(HttpStatusCode.BadRequest, differ.Status);
            Assert.DoesNotContain(made.Password!, differ.Html, StringComparison.Ordinal);
            ConsolePage wrong = await page.SubmitAsync($"{Path}/password", ("present", "not the present one"), ("new", "a longer password"), ("again", "a longer password"));
            Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
            ConsolePage changed = await page.SubmitAsync($"{Path}/password", ("present", made.Password!), ("new", "a longer password"), ("again", "a longer password"));
            Assert.Contains("The password was changed.", changed.Text, StringComparison.Ordinal);
        }
        finally
        {
            console.PersonId = null;
        }
    }

    [Fact]
    public async Task Operator_SeesTheOwnAccountAndTheRolesOnly()
    {
        ConsolePage entered = await console.OpenAsync("/app/users", Role.Operator);
        Assert.Equal((HttpStatusCode.SeeOther, "/app/users/account"), (entered.Status, entered.Location));
        Assert.Contains("storage-admin", (await console.OpenAsync("/app/users/roles", Role.Operator)).Text, StringComparison.Ordinal);
        foreach (string path in (string[])["/app/users/tokens", "/app/users/sessions"])
            Assert.Equal(HttpStatusCode.Forbidden, (await console.OpenAsync(path, Role.Operator)).Status);
        foreach ((string path, string action) in ((string, string)[])[("/app/users", "user.create"), ("/app/users/tokens", "access-token.create")])
        {
            ConsolePage answer = await console.PostAsync(path, Role.Operator, ("name", "eve"), ("role", "Admin"), ("scope", "all"));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.Status));
            Assert.Equal("forbidden", await console.LastAuditAsync(action));
        }
    }

    private async Task<User> NamedAsync(string name) => Assert.Single((await Pool.Services.Users.ListAsync(SimulatedPool.Admin, new(Name: name), default)).Items);
}
