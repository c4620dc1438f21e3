using VSan.IscsiInitiator;
namespace VSan.Tests.EndToEnd.Harness;

/// <summary>QEMU's block tool: an initiator that we did not write (libiscsi inside), which writes and verifies patterns.</summary>
internal static class QemuIo
{
    /// <summary>Runs commands such as <c>write -P 0x5a 0 64k</c> and <c>read -P 0x5a 0 64k</c>; a wrong byte makes it fail.</summary>
    public static async Task<ToolRun> RunAsync(TestDirectory directory, HostAccess access, params string[] commands)
    {
        List<string> arguments = [];
        string image = $"driver=iscsi,transport=tcp,portal={access.Portal},target={access.Target},lun={access.Lun},initiator-name={access.Initiator}";
        if (access.ChapUser is not null)
        {
            string secret = directory.SecretFile($"chap-{Guid.NewGuid():N}.secret", access.ChapSecret!);
            arguments.AddRange(["--object", $"secret,id=chap,file={secret}"]);
            image += $",user={access.ChapUser},password-secret=chap";
        }

        arguments.Add("--image-opts");
        foreach (string command in commands) arguments.AddRange(["-c", command]);
        arguments.Add(image);
        ToolRun run = await ToolRun.RunAsync("qemu-io", arguments);
        return run.Output.Contains("verification failed", StringComparison.OrdinalIgnoreCase) ? run with { ExitCode = 1 } : run;
    }

    /// <summary>Writes a pattern, reads it back by a second process and fails on any difference.</summary>
    public static async Task WriteAndReadBackAsync(TestDirectory directory, HostAccess access, byte pattern)
    {
        (await RunAsync(directory, access, $"write -P {pattern} 0 1M", $"write -P {pattern ^ 0xff} 1M 4k", "flush")).Succeeded();
        (await RunAsync(directory, access, $"read -P {pattern} 0 1M", $"read -P {pattern ^ 0xff} 1M 4k")).Succeeded();
    }
}
