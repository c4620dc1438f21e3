using VSan.Contracts.Api;
using VSan.Station.State;

namespace VSan.Station.Doctor;

/// <summary>Looks at everything that the station rests on, and says what is wrong with it and what to do. Changes nothing; the station may run.</summary>
internal sealed class StationDoctor(string statePath, TimeProvider time)
{
    private static readonly IStationCheck[] Checks = [new DirectoryCheck(), new SpaceCheck(), new ClockCheck(), new CertificateCheck(), new DatabaseCheck(), new CopiesCheck()];

    /// <summary>Looks at all.</summary>
    public Diagnosis Examine()
    {
        using StateDirectory state = StateDirectory.Look(statePath);
        Finding[] findings = [.. Checks.SelectMany(check => Examine(check, state))];
        return new Diagnosis(findings.All(finding => finding.Severity == FindingSeverity.Ok), findings);
    }

    private Finding[] Examine(IStationCheck check, StateDirectory state)
    {
        try
        {
            Finding[] wrong = [.. check.Examine(state, time.GetUtcNow())];
            return wrong.Length > 0 ? wrong : [new Finding(check.Name, FindingSeverity.Ok, check.Praise, NextAction: null)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StationException)
        {
            return [new Finding(check.Name, FindingSeverity.Error, exception.Message, "Run the doctor as the station's user, on the station's machine.")];
        }
    }
}
