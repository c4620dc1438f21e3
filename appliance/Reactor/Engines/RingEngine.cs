using VSan.Interop.Uring;

namespace VSan.Reactor;

/// <summary>
/// What carries out the submissions of one ring. The contract is io_uring's, in its own structures, so that everything above speaks one
/// language: multishot receives into buffers that the engine provides, completions by user data. Made and used by the ring's thread.
/// </summary>
internal abstract unsafe class RingEngine : IDisposable
{
    /// <summary>The offset of a stream, which has none: "where it is" (io_uring's -1).</summary>
    public const ulong StreamOffset = ulong.MaxValue;

    /// <summary>Submissions of one turn.</summary>
    protected const int SubmissionEntries = 1024;

    /// <summary>Which it is.</summary>
    public abstract EngineKind Kind { get; }

    /// <summary>Calls that hand over submissions and wait. Any thread, a little late.</summary>
    public abstract long Enters { get; }

    /// <summary>True when a completion can be taken without a call.</summary>
    public abstract bool HasCompletion { get; }

    /// <summary>Opens what is asked for, on this thread.</summary>
    /// <param name="options">Which, and the bounds.</param>
    /// <param name="refusal">Why it is not io_uring although that was wanted, and what to do; null where there is nothing to say.</param>
    /// <exception cref="UringException">io_uring was asked for and is not usable, or a limit of this process is in the way; the message says what to do.</exception>
    public static RingEngine Open(RingOptions options, out string? refusal)
    {
        refusal = null;
        if (options.Engine is EngineKind.Epoll) return new EpollEngine(options);
        try
        {
            return new UringEngine(options);
        }
        catch (UringException exception) when (options.Engine is EngineKind.Auto && !exception.IsShortage)
        {
            refusal = exception.Message;
            return new EpollEngine(options);
        }
    }

    /// <summary>The next submission entry, cleared; null when the queue is full until the next <see cref="Enter"/>.</summary>
    public abstract UringSqe* TryNextEntry();

    /// <summary>Carries out what was filled in, and waits for so many completions, 0 or 1.</summary>
    /// <returns>0, or a negated error number.</returns>
    public abstract int Enter(int waitForCompletions);

    /// <summary>Takes one completion, if there is one.</summary>
    public abstract bool TryTake(out UringCqe completion);

    /// <summary>Registers the data buffers, so that transfers of whole parts of them cost less.</summary>
    /// <returns><c>false</c>: plain transfers only.</returns>
    public abstract bool TryRegister(nint address, long lengthBytes);

    /// <summary>Everything is registered: from now on submissions are carried out.</summary>
    public abstract void Begin();

    /// <summary>The first bytes of a receive buffer that a completion named.</summary>
    public abstract ReadOnlySpan<byte> Received(ushort id, int lengthBytes);

    /// <summary>Takes a receive buffer back.</summary>
    public abstract void Return(ushort id);

    /// <summary>Ends everything that is under way.</summary>
    public abstract void Dispose();
}
