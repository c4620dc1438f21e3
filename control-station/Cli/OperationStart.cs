using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli;

/// <summary>A request that starts an operation, and what <c>--wait</c> makes of it.</summary>
internal sealed class OperationStart
{
    private readonly Invocation _invocation;
    private readonly OperationFollower? _follower;

    private OperationStart(Invocation invocation, OperationFollower? follower)
    {
        _invocation = invocation;
        _follower = follower;
        Wait = follower?.NextWait ?? TimeSpan.Zero;
    }

    /// <summary>How long the station is asked to hold the first answer.</summary>
    public TimeSpan Wait { get; }

    /// <summary>The same as a query, empty without <c>--wait</c>.</summary>
    public string Query => _follower is null ? string.Empty : OperationFollower.Query(Wait);

    /// <summary>Reads the command's options; the clock of <c>--timeout</c> starts here.</summary>
    public static OperationStart Of(Invocation invocation, Option<bool> wait, Option<TimeSpan> timeout) =>
        new(invocation, invocation.Get(wait) ? new OperationFollower(invocation, invocation.Get(timeout)) : null);

    /// <summary>With <c>--wait</c> returns when the operation succeeded, otherwise says how to follow it.</summary>
    /// <returns>True: it ended well. False: it was only accepted.</returns>
    public async Task<bool> FinishAsync(Operation operation)
    {
        if (_follower is not null)
        {
            await _follower.FollowAsync(operation).ConfigureAwait(false);
            return true;
        }

        _invocation.Environment.Error.WriteLine($"Accepted as operation {operation.Id}; 'vsan operation watch {operation.Id}' follows it.");
        return false;
    }
}
