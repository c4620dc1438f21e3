using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.WebOs.Shell;

/// <summary>The end of the task bar: the pool's state, what runs, who is signed in, and for a moment what of one's own has ended.</summary>
/// <param name="Pool">Its numbers.</param>
/// <param name="Alarms">Alarms that stand.</param>
/// <param name="UserName">Who is signed in.</param>
/// <param name="Notices">The person's own tasks that have just ended, or wait for somebody.</param>
public sealed record Tray(Pool Pool, int Alarms, string UserName, IReadOnlyList<Operation> Notices)
{
    /// <summary>How long a notice of what succeeded stands; what failed stands longer, and in Tasks until somebody looks.</summary>
    public static readonly TimeSpan Shown = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_failureShown = TimeSpan.FromMinutes(1);

    /// <summary>What the person sees now.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="pool">The pool's numbers.</param>
    /// <param name="alarms">Alarms that stand.</param>
    /// <param name="newest">The newest tasks.</param>
    /// <param name="now">The time.</param>
    public static Tray Of(Caller caller, Pool pool, int alarms, IReadOnlyList<Operation> newest, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return new(pool, alarms, caller.Name, [.. newest.Where(operation => operation.RequestedBy == caller.Name && IsNews(operation, now))]);
    }

    private static bool IsNews(Operation operation, DateTimeOffset now) => operation switch
    {
        { State: OperationState.NeedsOperator } => true,
        { EndedAt: { } ended } => now - ended < (operation.State == OperationState.Succeeded ? Shown : s_failureShown),
        _ => false,
    };
}
