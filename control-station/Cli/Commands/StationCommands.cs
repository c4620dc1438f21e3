using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>station</c>.</summary>
internal static class StationCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly MachineOption<string?> FormerCa = new("--former-ca") { Description = "Certificate of the CA of the station that is lost (its ca.crt), when this station has another.", HelpName = "FILE" };
    private static readonly Option<bool> Yes = GlobalOptions.Yes();

    private static readonly Column<ImportReport>[] Columns =
    [
        new("UNITS", r => Text.Of(r.Units)),
        new("VOLUMES", r => Text.Of(r.Volumes)),
        new("SNAPSHOTS", r => $"{r.Snapshots}"),
        new("NEW HOSTS", r => Text.Of(r.Hosts)),
        new("MAPPINGS", r => $"{r.Mappings}"),
    ];

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("station", "The control station itself.")
    {
        run.Command("import-from-units", """
            Make volumes, hosts and mappings again of what the connected units keep beside their legs, when there is no backup.

            Identities, names and numbers of logical units stay as hosts know them. CHAP secrets are made anew, so each host has to be configured
            again ('vsan connect-info'); sessions that stand go on until then. What is not whole or not signed by a station that is trusted is set
            aside, and its unit is left alone.

            Examples:
              vsan station import-from-units --dry-run
              vsan station import-from-units --former-ca old-ca.crt --yes
            """, ImportAsync, FormerCa, Yes),
    });

    private static async Task ImportAsync(Invocation invocation)
    {
        bool dryRun = invocation.Get(GlobalOptions.DryRun);
        if (!dryRun && !invocation.Get(Yes))
            throw new CommandFailure(ExitCode.Usage, "An import makes new CHAP secrets for all hosts of the volumes that it makes again.", "Look with --dry-run first, then add --yes.");
        string? former = invocation.Get(FormerCa) is { } path ? await File.ReadAllTextAsync(path, invocation.Cancellation).ConfigureAwait(false) : null;
        ImportReport report = await invocation.Api.PostAsync<ImportRequest, ImportReport>("pool:import", new ImportRequest(former, dryRun), Patience, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(Columns, _ => "pool", report);
        foreach (string note in report.Notes) invocation.Output.WriteSentence(OutputTable.Visible($"  {note}"));
        if (dryRun) invocation.Output.WriteSentence("Nothing was changed.");
    }
}
