using System.Diagnostics;
using VSan.Block;

namespace VSan.Volumes;

/// <summary>
/// The changes under way on one volume, and those that wait as they overlap an earlier one: whatever overlaps is applied whole, one after the
/// other, in the order of arrival; what does not overlap never waits (docs/adr/0013). Owned by the volume; a lock only where several rings serve it.
/// </summary>
/// <remarks>Both lists are bounded by the commands of the server. The array grows to the high-water mark and stays.</remarks>
internal sealed class WriteOrder(bool shared)
{
    private readonly Lock? _gate = shared ? new Lock() : null;
    private BlockRequest[] _underWay = new BlockRequest[16];
    private int _count;
    private BlockRequest? _firstWaiting;
    private BlockRequest? _lastWaiting;

    /// <summary>True for requests that have a place in the order.</summary>
    internal static bool Concerns(BlockOperation operation)
        => operation is BlockOperation.Write or BlockOperation.Unmap or BlockOperation.WriteZeroes;

    /// <summary>Asks to begin.</summary>
    /// <returns><c>false</c>: it waits, and a later <see cref="Leave"/> gives it out.</returns>
    internal bool TryEnter(BlockRequest request)
    {
        _gate?.Enter();
        bool free = !OverlapsUnderWay(request) && !OverlapsWaitingBefore(request, null);
        if (free) Add(request);
        else Append(request);
        _gate?.Exit();
        return free;
    }

    /// <summary>A change that had begun is over.</summary>
    /// <returns>Those that begin now, linked by <see cref="BlockRequest.Next"/>, oldest first; null when none.</returns>
    internal BlockRequest? Leave(BlockRequest request)
    {
        _gate?.Enter();
        Remove(request);
        BlockRequest? released = _firstWaiting is null ? null : TakeFree();
        _gate?.Exit();
        return released;
    }

    private static bool Overlap(BlockRequest one, BlockRequest other)
        => one.Lba.Value < other.Lba.Value + other.Count.Value && other.Lba.Value < one.Lba.Value + one.Count.Value;

    private bool OverlapsUnderWay(BlockRequest request)
    {
        foreach (BlockRequest other in _underWay.AsSpan(0, _count))
        {
            if (Overlap(request, other)) return true;
        }

        return false;
    }

    private bool OverlapsWaitingBefore(BlockRequest request, BlockRequest? end)
    {
        for (BlockRequest? other = _firstWaiting; other != end; other = other!.Next)
        {
            if (Overlap(request, other!)) return true;
        }

        return false;
    }

    private BlockRequest? TakeFree()
    {
        BlockRequest? first = null, last = null, before = null;
        for (BlockRequest? request = _firstWaiting; request is not null;)
        {
            BlockRequest? next = request.Next;
            if (OverlapsUnderWay(request) || OverlapsWaitingBefore(request, request))
            {
                before = request;
            }
            else
            {
                if (before is null) _firstWaiting = next;
                else before.Next = next;
                if (next is null) _lastWaiting = before;
                request.Next = null;
                Add(request);
                if (last is null) first = request;
                else last.Next = request;
                last = request;
            }

            request = next;
        }

        return first;
    }

    private void Add(BlockRequest request)
    {
        if (_count == _underWay.Length) Array.Resize(ref _underWay, _count * 2);
        _underWay[_count++] = request;
    }

    private void Append(BlockRequest request)
    {
        request.Next = null;
        if (_lastWaiting is null) _firstWaiting = request;
        else _lastWaiting.Next = request;
        _lastWaiting = request;
    }

    private void Remove(BlockRequest request)
    {
        int index = Array.IndexOf(_underWay, request, 0, _count);
        Debug.Assert(index >= 0, "Only what entered leaves.");
        _underWay[index] = _underWay[--_count];
        _underWay[_count] = null!;
    }
}
