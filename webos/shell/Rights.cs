using VSan.Station.Execution;

namespace VSan.WebOs.Shell;

/// <summary>
/// Which controls a person is shown. It only spares the reader buttons that would be refused: what is allowed is decided by the services,
/// also for a request that no button made.
/// </summary>
/// <param name="Person">Who looks.</param>
public readonly record struct Rights(Caller Person)
{
    /// <summary>Create and delete volumes, cancel tasks.</summary>
    public bool MayChange => Person.May("volume.create");

    /// <summary>Admit units.</summary>
    public bool MayAdmit => Person.May("unit.approve");
}
