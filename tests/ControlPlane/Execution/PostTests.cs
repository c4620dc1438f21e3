using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>What people post to each other, and who sees it.</summary>
public sealed class PostTests : IAsyncLifetime
{
    private static readonly Caller Ann = Caller.Of("ann", Role.Operator);
    private static readonly Caller Bob = Caller.Of("bob", Role.StorageAdmin);
    private static readonly Caller Eve = Caller.Of("eve", Role.Viewer);
    private static readonly Caller Security = Caller.Of("sue", Role.SecurityAdmin);

    private readonly SimulatedPool _pool = new();
    private PostService Posts => _pool.Services.Posts;

    public async Task InitializeAsync()
    {
        foreach (string name in (string[])["ann", "bob", "eve"]) await _pool.Services.Users.CreateAsync(SimulatedPool.Admin, new UserCreate(name), null, default);
    }

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Theory]
    [InlineData("everyone", true, true)]
    [InlineData("user:bob", true, false)]
    [InlineData("role:storage-admin", true, false)]
    [InlineData("role:viewer", false, true)]
    public async Task Post_IsSeenByItsAuthor_ThoseItIsFor_AndWhoManagesPeople(string to, bool bob, bool eve)
    {
        Post post = await Posts.CreateAsync(Ann, new PostCreate(to, "the rack is moved on Friday", null, null), null, default);
        Assert.Equal((true, bob, eve, true), (await SeesAsync(Ann, post), await SeesAsync(Bob, post), await SeesAsync(Eve, post), await SeesAsync(Security, post)));
        Assert.Equal(bob ? "post-not-task" : "not-found", await CodeAsync(() => Posts.DoneAsync(Bob, post.Id, default)));
    }

    [Fact]
    public async Task Task_IsDoneOnce_AndSaysByWhom()
    {
        Post post = await Posts.CreateAsync(Ann, new PostCreate("role:storage-admin", "replace disk 3", PostKind.Task, null), null, default);
        Assert.Null(post.DoneBy);
        Assert.Equal("bob", (await Posts.DoneAsync(Bob, post.Id, default)).DoneBy);
        Assert.Equal("bob", (await Posts.DoneAsync(Ann, post.Id, default)).DoneBy);
    }

    [Fact]
    public async Task Post_IsTakenAwayByItsAuthorOrWhoManagesPeople()
    {
        Post first = await Posts.CreateAsync(Ann, new PostCreate("everyone", "one", null, null), null, default);
        Post second = await Posts.CreateAsync(Ann, new PostCreate("everyone", "two", null, null), null, default);
        Assert.Equal("forbidden", await CodeAsync(() => Posts.DeleteAsync(Bob, first.Id, default)));
        Assert.Equal((true, false), (first.Removable, (await Posts.ListAsync(Bob, new ListQuery(), default)).Items[0].Removable));
        await Posts.DeleteAsync(Ann, first.Id, default);
        await Posts.DeleteAsync(Security, second.Id, default);
        Assert.Empty((await Posts.ListAsync(Ann, new ListQuery(), default)).Items);
    }

    [Fact]
    public async Task Subject_IsNamed_AndMustBeSeenByTheAuthor()
    {
        Guid unit = await _pool.JoinAsync("unit-1");
        Assert.Equal("unit-1", (await Posts.CreateAsync(Ann, new PostCreate("everyone", null, null, $"unit/{unit}"), null, default)).SubjectName);
        Caller elsewhere = new("kim", [new Binding(Role.Viewer, Scope.Parse("project:other", "/scope"))]);
        Assert.Equal("invalid-field", await CodeAsync(() => Posts.CreateAsync(elsewhere, new PostCreate("everyone", null, null, $"unit/{unit}"), null, default)));
        Assert.Equal("invalid-field", await CodeAsync(() => Posts.CreateAsync(Ann, new PostCreate("everyone", null, null, $"unit/{Guid.NewGuid()}"), null, default)));
    }

    [Theory]
    [InlineData("nobody", "text")]
    [InlineData("role:host", "text")]
    [InlineData("role:king", "text")]
    [InlineData("user:zoe", "text")]
    [InlineData("everyone", " ")]
    [InlineData("everyone", "long")]
    public async Task Post_ThatIsNone_IsRefused(string to, string text) => Assert.Equal(
        "invalid-field", await CodeAsync(() => Posts.CreateAsync(Ann, new PostCreate(to, text == "long" ? new string('a', 1001) : text, null, null), null, default)));

    [Fact]
    public async Task Author_WithAHundredPosts_TakesOneAwayFirst()
    {
        for (int index = 0; index < 100; index++) await Posts.CreateAsync(Ann, new PostCreate("everyone", $"{index}", null, null), null, default);
        Assert.Equal("quota-exceeded", await CodeAsync(() => Posts.CreateAsync(Ann, new PostCreate("everyone", "one more", null, null), null, default)));
        PostPage first = await Posts.ListAsync(Bob, new ListQuery(60), default);
        PostPage rest = await Posts.ListAsync(Bob, new ListQuery(60, first.NextCursor), default);
        Assert.Equal(Enumerable.Range(0, 100), first.Items.Concat(rest.Items).Select(post => int.Parse(post.Text, CultureInfo.InvariantCulture)).Order());
        Assert.Null(rest.NextCursor);
        await Posts.DeleteAsync(Ann, first.Items[0].Id, default);
        await Posts.CreateAsync(Ann, new PostCreate("everyone", "one more", null, null), null, default);
    }

    [Fact]
    public async Task Person_WhoIsRemoved_LeavesNothingToTheNextOfTheName()
    {
        await Posts.CreateAsync(Ann, new PostCreate("user:eve", "a secret", null, null), null, default);
        UserPage users = await _pool.Services.Users.ListAsync(SimulatedPool.Admin, new ListQuery(Name: "eve"), default);
        Assert.Single((await Posts.ListAsync(Eve, new ListQuery(), default)).Items);
        await _pool.Services.Users.DeleteAsync(SimulatedPool.Admin, users.Items[0].Id, default);
        Assert.Empty((await Posts.ListAsync(Eve, new ListQuery(), default)).Items);
    }

    private static async Task<string?> CodeAsync(Func<Task> act) => (await Record.ExceptionAsync(act) as ProblemException)?.Code;

    private async Task<bool> SeesAsync(Caller caller, Post post) => (await Posts.ListAsync(caller, new ListQuery(), default)).Items.Any(one => one.Id == post.Id);
}
