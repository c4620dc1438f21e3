using VSan.Contracts.Api;
using VSan.Station.Doctor;
using VSan.Station.State;

namespace VSan.Station.Verbs;

/// <summary><c>vsan-station doctor</c>: what the doctor finds, a line each. Exit code 1 when something is an error.</summary>
internal static class DoctorVerb
{
    public static async Task<int> RunAsync(string statePath, TextWriter output, TimeProvider time)
    {
        if (!Directory.Exists(statePath)) throw new StationException($"There is no state directory {statePath}.");
        Diagnosis diagnosis = new StationDoctor(statePath, time).Examine();
        foreach (Finding finding in diagnosis.Findings)
        {
            await output.WriteLineAsync($"{finding.Severity.ToString().ToLowerInvariant(),-8}{finding.Check,-13}{finding.Message}");
            if (finding.NextAction is { } action) await output.WriteLineAsync($"{string.Empty,-21}→ {action}");
        }

        return diagnosis.Findings.Any(finding => finding.Severity == FindingSeverity.Error) ? 1 : 0;
    }
}
