using System.Diagnostics;

namespace VSan.Reactor;

/// <summary>
/// The operations under way, by number. A slot's generation goes up when it is freed, and the number that the kernel carries holds both,
/// so that a late completion cannot find the slot's next user. Owned by the ring's thread.
/// </summary>
internal sealed class RingSlots
{
    private readonly IRingOperation?[] _operations;
    private readonly uint[] _generations;
    private readonly int[] _free;
    private int _freeCount;

    internal RingSlots(int count)
    {
        _operations = new IRingOperation?[count];
        _generations = new uint[count];
        _free = new int[count];
        for (int i = 0; i < count; i++) _free[i] = count - 1 - i;
        _freeCount = count;
    }

    /// <summary>Slots that <see cref="Take"/> can give.</summary>
    internal int FreeCount => _freeCount;

    /// <summary>Takes a slot, of which one must be free, and gives the number for the kernel: generation above, slot below.</summary>
    internal ulong Take(IRingOperation operation)
    {
        int slot = _free[--_freeCount];
        Debug.Assert(_operations[slot] is null);
        _operations[slot] = operation;
        return ((ulong)_generations[slot] << 32) | (uint)slot;
    }

    /// <summary>Finds whose completion this is; null when the slot was freed since.</summary>
    /// <param name="userData">What the kernel carried.</param>
    /// <param name="last">True: no more follow, the slot is freed.</param>
    internal IRingOperation? Find(ulong userData, bool last)
    {
        uint slot = (uint)userData;
        if (slot >= _operations.Length || _generations[slot] != (uint)(userData >> 32)) return null;
        IRingOperation? operation = _operations[slot];
        if (!last || operation is null) return operation;
        _operations[slot] = null;
        _generations[slot]++;
        _free[_freeCount++] = (int)slot;
        return operation;
    }
}
