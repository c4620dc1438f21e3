using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>The block server as a user without privileges: it serves all the same, and nobody else gets at it.</summary>
public sealed class PrivilegeTests
{
    [Fact]
    public async Task Server_WithoutAnyCapability_ServesWritesAndReads()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using PrivilegeServer server = await PrivilegeServer.StartAsync(directory.File("blockserver.log"));
        string[] status = await File.ReadAllLinesAsync($"/proc/{server.Process.Id}/status");
        Assert.Contains("CapEff:\t0000000000000000", status);
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Contains(status, line => line.StartsWith($"Uid:\t{PrivilegeServer.User}\t", StringComparison.Ordinal));
        await QemuIo.WriteAndReadBackAsync(directory, await server.ServeAsync(directory), 0x5A);
        Assert.Equal(0, await server.Process.StopAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Server_ThatMayNotLockItsBuffers_SaysSoAndServesWithoutRegisteringThem()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using PrivilegeServer server = await PrivilegeServer.StartAsync(directory.File("blockserver.log"), lockedBytesMax: 2 << 20);
        Assert.Contains("event=buffers-not-registered", server.Process.Output, StringComparison.Ordinal);
        Assert.Contains("limitBytes=2097152", server.Process.Output, StringComparison.Ordinal);
        Assert.Contains("arenaRegistered=False", server.Process.Output, StringComparison.Ordinal);
        await QemuIo.WriteAndReadBackAsync(directory, await server.ServeAsync(directory), 0xA5);
    }

    [Fact]
    public async Task ControlSocket_AskedByAnotherUser_AnswersNothing()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using PrivilegeServer server = await PrivilegeServer.StartAsync(directory.File("blockserver.log"));
        ToolRun byMode = await server.VerbAsync(PrivilegeServer.Stranger, null, "inspect", "--control", server.Control);
        Assert.Equal((1, ""), (byMode.ExitCode, byMode.Output));
        Assert.Contains("turned us away", byMode.Errors, StringComparison.Ordinal);

        // The second wall: a socket whose mode was opened still asks the kernel who is there.
        File.SetUnixFileMode(server.Control, PrivilegeServer.Mode(0x1B6));
        ToolRun byCredentials = await server.VerbAsync(PrivilegeServer.Stranger, null, "inspect", "--control", server.Control);
        Assert.Equal((1, ""), (byCredentials.ExitCode, byCredentials.Output));
        await server.Process.LineAsync($"event=control-refused uid={PrivilegeServer.Stranger}");
        Assert.Equal(0, (await server.VerbAsync(PrivilegeServer.User, null, "inspect", "--control", server.Control)).ExitCode);
        Assert.Equal(0, (await server.VerbAsync(0, null, "inspect", "--control", server.Control)).ExitCode);
    }

    [Fact]
    public async Task ControlSocket_WithAGroup_AnswersItsMembersAndNoOthers()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using PrivilegeServer server = await PrivilegeServer.StartAsync(directory.File("blockserver.log"), null, "--control-group", $"{PrivilegeServer.Group}");
        Assert.Equal(0, (await server.VerbAsync(PrivilegeServer.Stranger, PrivilegeServer.Group, "inspect", "--control", server.Control)).ExitCode);
        Assert.Equal(1, (await server.VerbAsync(PrivilegeServer.Stranger, PrivilegeServer.Group + 1, "inspect", "--control", server.Control)).ExitCode);
    }

    [Fact]
    public async Task Memory_OfAServer_IsNotReadByAnotherProcessOfItsUser()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using PrivilegeServer server = await PrivilegeServer.StartAsync(directory.File("blockserver.log"));
        Assert.NotEqual(0, (await PrivilegeServer.CommandAsync(PrivilegeServer.User, "cat", $"/proc/{server.Process.Id}/environ")).ExitCode);

        // The same look at a process that did not give it up succeeds.
        Assert.Equal(0, (await PrivilegeServer.CommandAsync(PrivilegeServer.User, "sh", "-c", "cat /proc/$$/environ")).ExitCode);
    }

    [Fact]
    public async Task Files_OfAServer_AreForItsUserAlone()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using PrivilegeServer server = await PrivilegeServer.StartAsync(directory.File("blockserver.log"));
        _ = await server.ServeAsync(directory);
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        string state = Path.Combine(server.Own, "state");
        string[] made = [state, server.Control, .. Directory.EnumerateFiles(state)];
        Assert.True(made.Length >= 4, string.Join(' ', made));
        Assert.All(made, path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others));
    }

    [Fact]
    public async Task Hangup_OfATerminal_EndsNothing_AndSigtermDoes()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using PrivilegeServer server = await PrivilegeServer.StartAsync(directory.File("blockserver.log"));
        _ = (await ToolRun.RunAsync("kill", ["-HUP", $"{server.Process.Id}"])).Succeeded();
        Assert.Equal(0, (await server.VerbAsync(0, null, "inspect", "--control", server.Control)).ExitCode);
        Assert.True(server.Process.Running);
        Assert.Equal(0, await server.Process.StopAsync(TimeSpan.FromSeconds(5)));
    }
}
