using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>doctor</c>.</summary>
internal static class DoctorCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Column<Finding>[] Columns =
    [
        new("CHECK", f => f.Check),
        new("RESULT", f => f.Severity.ToWire()),
        new("FOUND", f => f.Message),
        new("NEXT ACTION", f => f.NextAction ?? "-"),
    ];

    private static readonly Noun<Finding, Diagnosis> Findings = new(
        "finding", "doctor", d => d.Findings, _ => null, items => new Diagnosis(items.All(f => f.Severity == FindingSeverity.Ok), items), f => f.Check, f => f.Check, Columns);

    /// <summary>Adds the command.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(run.Command("doctor", """
        Examine what the station rests on: files, disk space, clock, certificates, database, copies.

        Each finding that is not 'ok' has the next action. The exit code is 1 when one is an error.
        """, ExamineAsync));

    private static async Task ExamineAsync(Invocation invocation)
    {
        Diagnosis diagnosis = await invocation.Api.GetAsync<Diagnosis>("doctor", Patience, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteList(Findings, diagnosis.Findings);
        Finding[] errors = [.. diagnosis.Findings.Where(finding => finding.Severity == FindingSeverity.Error)];
        if (errors.Length > 0) throw new CommandFailure(ExitCode.Error, errors[0].Message, errors[0].NextAction ?? "See the list.");
    }
}
