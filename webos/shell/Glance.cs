using VSan.Contracts.Api;
using VSan.WebOs.Text;

namespace VSan.WebOs.Shell;

/// <summary>The pool at a glance, on the desktop itself.</summary>
/// <param name="Pool">Its numbers.</param>
/// <param name="Alarms">Alarms that stand.</param>
/// <param name="OpenTasks">Tasks that others have posted to the person.</param>
public sealed record Glance(Pool Pool, int Alarms, int OpenTasks)
{
    /// <summary>What the stores hold.</summary>
    public Portion Used => new(Pool.CapacityBytes - Pool.FreeBytes, Pool.CapacityBytes);
}
