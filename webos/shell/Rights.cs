using VSan.Station.Execution;

namespace VSan.WebOs.Shell;

/// <summary>
/// Which controls a person is shown. It only spares the reader buttons that would be refused: what is allowed is decided by the services,
/// also for a request that no button made.
/// </summary>
/// <param name="Role">The person's role.</param>
public readonly record struct Rights(CallerRole Role)
{
    /// <summary>Create and delete volumes, cancel tasks.</summary>
    public bool MayChange => Role >= CallerRole.Operator;

    /// <summary>Admit units.</summary>
    public bool MayAdmit => Role >= CallerRole.Administrator;
}
