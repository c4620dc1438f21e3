using System.Diagnostics;
using System.Numerics;

namespace VSan.Block;

/// <summary>
/// Lends aligned pieces of one fixed region, by the buddy method: sizes are powers of two from 4 KiB to 4 MiB, so that a piece
/// is aligned to 4096 for O_DIRECT and the region can be registered with the ring as one buffer. Owned by one ring's thread.
/// </summary>
/// <remarks>
/// Bounded: the region never grows. When nothing fits, <see cref="TryRent"/> says so and the command waits for a return. The books
/// cost one byte for each 4 KiB (0.02 %) and a bitmap per order.
/// </remarks>
public sealed unsafe class BufferPool
{
    /// <summary>Smallest piece: a page, O_DIRECT's alignment.</summary>
    public const int PieceBytesMin = 4096;

    /// <summary>Largest piece, and so the largest transfer of one command.</summary>
    public const int PieceBytesMax = PieceBytesMin << OrderMax;

    private const int OrderMax = 10;

    private readonly byte* _region;
    private readonly int _pieceCount;

    // _order[i]: order of the lent piece that starts at page i. _free[o]: a bit for each free piece of order o.
    private readonly byte[] _order;
    private readonly ulong[][] _free = new ulong[OrderMax + 1][];
    private readonly int[] _freeCount = new int[OrderMax + 1];

    /// <summary>Manages a region that the caller allocated and keeps alive for as long as the pool.</summary>
    /// <param name="region">First byte, 4096-byte aligned.</param>
    /// <param name="lengthBytes">A multiple of <see cref="PieceBytesMax"/>, at least one.</param>
    public BufferPool(nint region, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(region & (PieceBytesMin - 1), 0, nameof(region));
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, PieceBytesMax);
        ArgumentOutOfRangeException.ThrowIfNotEqual(lengthBytes % PieceBytesMax, 0, nameof(lengthBytes));
        _region = (byte*)region;
        _pieceCount = lengthBytes / PieceBytesMin;
        _order = new byte[_pieceCount];
        for (int order = 0; order <= OrderMax; order++)
        {
            _free[order] = new ulong[((_pieceCount >> order) + 63) / 64];
        }

        for (int block = 0; block < _pieceCount >> OrderMax; block++)
        {
            SetFree(OrderMax, block);
        }

        FreeBytes = lengthBytes;
    }

    /// <summary>Bytes not lent; they may be in pieces too small for a given request.</summary>
    public int FreeBytes { get; private set; }

    /// <summary>Lends a piece of at least <paramref name="lengthBytes"/>.</summary>
    /// <param name="lengthBytes">1 to <see cref="PieceBytesMax"/>.</param>
    /// <param name="lease">The piece: contents undefined, to be returned once.</param>
    /// <returns><c>false</c>: no piece that large is free now.</returns>
    public bool TryRent(int lengthBytes, out BufferLease lease)
    {
        Debug.Assert(lengthBytes is > 0 and <= PieceBytesMax);
        int wanted = OrderOf(lengthBytes);
        int order = wanted;
        while (order <= OrderMax && _freeCount[order] == 0) order++;
        if (order > OrderMax)
        {
            lease = default;
            return false;
        }

        int index = TakeAnyFree(order);
        while (order > wanted)
        {
            order--;
            index <<= 1;
            SetFree(order, index + 1);
        }

        int page = index << wanted;
        _order[page] = (byte)wanted;
        int bytes = PieceBytesMin << wanted;
        FreeBytes -= bytes;
        lease = new BufferLease(_region + ((long)page * PieceBytesMin), bytes);
        return true;
    }

    /// <summary>Takes a piece back and joins it with its free neighbours.</summary>
    public void Return(BufferLease lease)
    {
        Debug.Assert(!lease.IsEmpty);
        int page = (int)(((byte*)lease.Address - _region) / PieceBytesMin);
        Debug.Assert(page >= 0 && page < _pieceCount && PieceBytesMin << _order[page] == lease.LengthBytes);
        int order = _order[page];
        int index = page >> order;
        FreeBytes += lease.LengthBytes;
        while (order < OrderMax && TryTakeFree(order, index ^ 1))
        {
            index >>= 1;
            order++;
        }

        SetFree(order, index);
    }

    private static int OrderOf(int lengthBytes)
    {
        uint pages = (uint)((lengthBytes + PieceBytesMin - 1) / PieceBytesMin);
        return BitOperations.Log2(BitOperations.RoundUpToPowerOf2(pages));
    }

    private void SetFree(int order, int index)
    {
        Debug.Assert((_free[order][index >> 6] & (1UL << index)) == 0, "A piece is returned once.");
        _free[order][index >> 6] |= 1UL << index;
        _freeCount[order]++;
    }

    private bool TryTakeFree(int order, int index)
    {
        ref ulong word = ref _free[order][index >> 6];
        if ((word & (1UL << index)) == 0) return false;
        word &= ~(1UL << index);
        _freeCount[order]--;
        return true;
    }

    private int TakeAnyFree(int order)
    {
        ulong[] words = _free[order];
        int at = 0;
        while (words[at] == 0) at++;
        int index = (at << 6) + BitOperations.TrailingZeroCount(words[at]);
        words[at] &= words[at] - 1;
        _freeCount[order]--;
        return index;
    }
}
