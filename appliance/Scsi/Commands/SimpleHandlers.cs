using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>TEST UNIT READY, START STOP UNIT, PREVENT ALLOW MEDIUM REMOVAL: nothing spins and nothing is removable, so they are true as asked.</summary>
internal sealed class AlwaysReadyHandler : CommandHandler
{
    /// <inheritdoc/>
    public override void Begin(ScsiCommand command) => command.Good();
}

/// <summary>PRE-FETCH (SBC-3): the range is checked; what to keep in memory is the kernel's decision.</summary>
internal sealed class PreFetchHandler : CommandHandler
{
    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        if (TryRange(command, out _, out _)) command.Good();
    }
}

/// <summary>SYNCHRONIZE CACHE (SBC-3): the whole volume, whatever the range. IMMED waits too: an early GOOD would promise nothing.</summary>
internal sealed class SynchronizeCacheHandler : CommandHandler
{
    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        if (TryRange(command, out _, out _)) command.Submit(BlockOperation.Flush, default, default);
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command) => command.Good();
}
