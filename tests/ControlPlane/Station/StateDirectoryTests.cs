using VSan.Station.State;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

public sealed class StateDirectoryTests
{
    [Fact]
    public void Open_WhileAnotherStationHasIt_IsRefusedUntilItEnds()
    {
        using TemporaryState state = new();

        StationException refusal = Assert.Throws<StationException>(() => StateDirectory.Open(state.Path));
        Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
        state.State.Dispose();
        StateDirectory.Open(state.Path).Dispose();
    }

    [Fact]
    public void Open_ReadableByOthers_IsClosedToThem()
    {
        using TemporaryState state = new();
        state.State.Write("secret", [1, 2, 3]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(state.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(state.State.PathOf("secret")));
    }

    [Fact]
    public void Write_OverAnOlderFile_ReplacesItWholeAndLeavesNoDraft()
    {
        using TemporaryState state = new();
        state.State.Write("file", [1, 2, 3, 4]);
        state.State.Write("file", [5]);

        Assert.Equal([5], state.State.Read("file"));
        Assert.DoesNotContain(Directory.GetFiles(state.Path), path => path.EndsWith(".new", StringComparison.Ordinal));
    }
}
