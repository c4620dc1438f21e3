using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>unit safe-to-stop</c> and <c>unit maintenance</c>.</summary>
internal static class MaintenanceCommands
{
    private static readonly Argument<string> Name = new("UNIT") { Description = "Name or id of a unit." };
    private static readonly Argument<string> Switch = OnOrOff();
    private static readonly Option<string?> Reason = new("--reason") { Description = "What for; everybody sees it.", HelpName = "TEXT" };
    private static readonly Option<bool> Force = new("--force") { Description = "Also when hosts would lose the last copy of what they use." };

    private static readonly Column<StoppedVolume>[] Columns =
    [
        new("VOLUME", v => v.Name),
        new("EFFECT", v => v.Effect.ToWire()),
        new("HOSTS", v => Text.Of(v.Hosts)),
    ];

    private static readonly Column<StoppedShare>[] ShareColumns =
    [
        new("SHARE", share => share.Name),
        new("EFFECT", share => share.Effect.ToWire()),
        new("USED BY", share => Text.Of(share.Holders)),
    ];

    /// <summary><c>safe-to-stop</c>.</summary>
    public static Command SafeToStop(CommandRunner run) => run.Command("safe-to-stop", """
        Say whether a unit may be stopped now: which volumes would lose their last current copy, which would go on with one fewer.

        The exit code is 0 when it is safe, 4 when it is not.

        Example:
          vsan unit safe-to-stop unit-4 && ssh unit-4 reboot
        """, SafeToStopAsync, Name);

    /// <summary><c>maintenance</c>.</summary>
    public static Command Maintenance(CommandRunner run) => run.Command("maintenance", """
        Say that somebody works on a unit: nothing new is placed there, and its absence is no alarm. Refused when it is not safe to stop it.

        Examples:
          vsan unit maintenance unit-4 on --reason "new disk"
          vsan unit maintenance unit-4 off
        """, MaintenanceAsync, Name, Switch, Reason, Force);

    private static async Task SafeToStopAsync(Invocation invocation)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        SafeToStop found = await invocation.Api.GetAsync<SafeToStop>($"units/{unit.Id}/safe-to-stop", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        Write(invocation, found);
        if (!found.Safe) throw new CommandFailure(ExitCode.Conflict, found.Answer, "Unmap or move what would be lost, or await what is at work.");
    }

    private static async Task MaintenanceAsync(Invocation invocation)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        MaintenanceSet request = new(invocation.Get(Switch) == "on", invocation.Get(Reason), invocation.Get(Force));
        SafeToStop found = await invocation.Api
            .PostAsync<MaintenanceSet, SafeToStop>($"units/{unit.Id}:maintenance", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        Write(invocation, found);
        invocation.Output.WriteSentence(found.Maintenance is null ? $"Unit {unit.Name} is not in maintenance." : $"Unit {unit.Name} is in maintenance.");
    }

    private static void Write(Invocation invocation, SafeToStop found)
    {
        if (invocation.Output.IsJson) invocation.Output.WriteJsonLine(found);
        else if (found.Volumes.Count > 0) OutputTable.Write(invocation.Output.Writer, Columns, found.Volumes);
        if (!invocation.Output.IsJson && found.Shares.Count > 0) OutputTable.Write(invocation.Output.Writer, ShareColumns, found.Shares);
        if (found.Safe) invocation.Output.WriteSentence(found.Answer);
    }

    private static Task<Unit> FindAsync(Invocation invocation) => invocation.FindAsync(UnitCommands.Units, invocation.Get(Name));

    private static Argument<string> OnOrOff()
    {
        Argument<string> argument = new("ON") { Description = "'on' or 'off'.", HelpName = "on|off" };
        argument.AcceptOnlyFromAmong("on", "off");
        return argument;
    }
}
