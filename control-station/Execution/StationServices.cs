namespace VSan.Station.Execution;

/// <summary>All services of one station, and the work behind them.</summary>
public sealed class StationServices
{
    private StationServices()
    {
    }

    /// <summary>The pool in numbers.</summary>
    public required PoolService Pool { get; init; }

    /// <summary>Units.</summary>
    public required UnitService Units { get; init; }

    /// <summary>Which units are within reach.</summary>
    public required UnitPresence Presence { get; init; }

    /// <summary>Enrolment tokens.</summary>
    public required TokenService Tokens { get; init; }

    /// <summary>Admission of members.</summary>
    public required EnrolmentService Enrolment { get; init; }

    /// <summary>Hosts.</summary>
    public required HostService Hosts { get; init; }

    /// <summary>Volumes.</summary>
    public required VolumeService Volumes { get; init; }

    /// <summary>Mappings.</summary>
    public required MappingService Mappings { get; init; }

    /// <summary>Operations.</summary>
    public required OperationService Operations { get; init; }

    /// <summary>What happened.</summary>
    public required EventLog Events { get; init; }

    /// <summary>People and sessions.</summary>
    public required PeopleService People { get; init; }

    /// <summary>Composes the services.</summary>
    public static StationServices Create(
        IStationStore store,
        IUnitLinks links,
        ICertificateAuthority authority,
        ISecretProtector protector,
        TimeProvider time,
        IStationLog log) => throw new NotImplementedException();

    /// <summary>Runs operations, unit reconcilers and the presence watch until cancelled. Services answer without it, but nothing moves.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
