using System.Net;
using VSan.Contracts.Api;
using VSan.WebOs.Apps.Console;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

/// <summary>The console as a browser without scripts has it.</summary>
public sealed class ConsoleAppTests(WebConsole console) : IClassFixture<WebConsole>
{
    private const string Path = "/app/console";

    [Theory]
    [InlineData("volume list", "volume", "list")]
    [InlineData("  vsan   unit show  unit-1 ", "unit", "show", "unit-1")]
    [InlineData("project create \"two words\" --x 'a \"b\" \\'", "project", "create", "two words", "--x", "a \"b\" \\")]
    [InlineData("a \\\"b \"c\\\"d\" ''", "a", "\"b", "c\"d", "")]
    [InlineData("a; rm -rf $HOME | `x` > /f", "a;", "rm", "-rf", "$HOME", "|", "`x`", ">", "/f")]
    [InlineData("", "--help")]
    [InlineData("help volume create", "volume", "create", "--help")]
    public async Task Line_IsCutIntoWords_AndRunWithTheSession(string line, params string[] words)
    {
        console.Commands.Run.Clear();
        await console.FollowAsync(Path, Role.Viewer, ("line", line));
        (string[] ran, string bearer) = Assert.Single(console.Commands.Run);
        Assert.Equal(words, ran);
        Assert.Equal("of-Viewer", bearer);
    }

    [Fact]
    public async Task Output_IsShownAsItIs_TheNewestFirst_UntilItIsCleared()
    {
        console.Commands.Result = new CommandResult("first", 0);
        await console.FollowAsync(Path, Role.Admin, ("line", "unit list"));
        console.Commands.Result = new CommandResult($"NAME   SIZE\n{WebConsole.HostileName}\n", 4);
        ConsolePage page = await console.FollowAsync(Path, Role.Admin, ("line", $"volume show {WebConsole.HostileName.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}"));
        string[] printed = [.. page.Markup.Descendants("pre").Where(pre => (string?)pre.Attribute("class") == "printed").Select(pre => pre.Value)];
        Assert.Equal([$"NAME   SIZE\n{WebConsole.HostileName}\n", "first"], printed[..2]);
        Assert.Contains("Exit code 4", page.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing was run", (await console.FollowAsync($"{Path}/clear")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("volume 'x")]
    [InlineData("long")]
    public async Task Line_ThatIsNone_ComesBackWithTheReason(string line)
    {
        console.Commands.Run.Clear();
        ConsolePage page = await console.PostAsync(Path, Role.Admin, ("line", line == "long" ? new string('a', 2001) : line));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Empty(console.Commands.Run);
    }
}
