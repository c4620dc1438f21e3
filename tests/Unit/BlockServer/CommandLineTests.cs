using VSan.BlockServer;
using VSan.Contracts.BlockServer;
using VSan.Reactor;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>What can be typed, and what is answered to what cannot.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public void Run_WithAllItsOptions_HasThem()
    {
        CommandLine line = CommandLine.TryParse(
            ["run", "--state", "s", "--control", "c", "--rings", "2", "--buffers-mib", "8", "--control-group", "vsan", "--metrics", "127.0.0.1:9460", "--engine", "epoll"], out _)!;
        Assert.Equal(EngineKind.Epoll, line.Engine);
        Assert.Equal((CommandVerb.Run, "s", "c", 2, 8, "vsan", "127.0.0.1:9460"), (line.Verb, line.State, line.Control, line.Rings, line.BuffersMib, line.ControlGroup, line.Metrics));
    }

    [Theory]
    [InlineData("inspect --control c", OutputFormat.Auto, null)]
    [InlineData("inspect --control c -o json", OutputFormat.Json, null)]
    [InlineData("inspect -o table --control c --watch", OutputFormat.Table, 2)]
    [InlineData("inspect --watch 7 --control c", OutputFormat.Auto, 7)]
    [InlineData("inspect --watch --control c", OutputFormat.Auto, 2)]
    public void Inspect_WithOutputAndWatch_HasThem(string words, object output, int? seconds)
    {
        CommandLine line = CommandLine.TryParse(words.Split(' '), out _)!;
        Assert.Equal(((OutputFormat)output, seconds), (line.Output, line.WatchSeconds));
    }

    [Fact]
    public void Drain_WithAllItsOptions_HasThem()
    {
        CommandLine line = CommandLine.TryParse(["drain", "--control", "c", "--target", "iqn.t", "--portal", "[::1]:3260", "--within", "5"], out _)!;
        Assert.Equal((CommandVerb.Drain, new DrainRequest("iqn.t", "[::1]:3260", 5)), (line.Verb, line.Drain));
        Assert.Equal(new DrainRequest(null, null, 30), CommandLine.TryParse(["drain", "--control", "c"], out _)!.Drain);
    }

    [Theory]
    [InlineData("serve", "'serve' is no verb")]
    [InlineData("run --control c", "--state DIR is missing")]
    [InlineData("inspect", "--control SOCKET is missing")]
    [InlineData("apply --control c", "name it last")]
    [InlineData("inspect --control c file", "only apply takes a file")]
    [InlineData("inspect --control c --metrics x", "belong to run")]
    [InlineData("metrics --control c --watch 2", "belong to inspect")]
    [InlineData("inspect --control c -o xml", "takes json or table")]
    [InlineData("inspect --control c -o json --watch 2", "leave -o json away")]
    [InlineData("inspect --control c --watch 0", "seconds from 1 to")]
    [InlineData("run --state s --control c --rings 0", "from 1 to 256")]
    [InlineData("run --state s --control", "needs a value")]
    [InlineData("run --state s --control c --engine fast", "takes auto, uring or epoll")]
    [InlineData("inspect --control c --engine epoll", "belongs to run")]
    [InlineData("inspect --control c --target iqn.t", "belong to drain")]
    [InlineData("drain --control c --within 601", "from 1 to 600")]
    public void Line_ThatMakesNoSense_SaysWhatToDo(string words, string hint)
    {
        Assert.Null(CommandLine.TryParse(words.Split(' '), out string? error));
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run --help", "--state DIR ")]
    [InlineData("apply -h", "configuration.json")]
    [InlineData("inspect --control c --help", "--watch 5")]
    [InlineData("metrics --help", "promtool")]
    [InlineData("drain --help", "--portal 192.0.2.1:3260")]
    [InlineData("--help", "usage:")]
    [InlineData("help inspect", "--watch 5")]
    public void Help_OfEachVerb_HasAnExample(string words, string text) => Assert.Contains(text, CommandHelp.Asked(words.Split(' ')), StringComparison.Ordinal);

    [Fact]
    public void Help_ThatNobodyAskedFor_IsNotGiven() => Assert.Null(CommandHelp.Asked(["inspect", "--control", "c"]));
}
