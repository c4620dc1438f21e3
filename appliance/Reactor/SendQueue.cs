using System.Diagnostics;
using VSan.Interop;

namespace VSan.Reactor;

/// <summary>
/// What one connection has still to send, in order: pieces of chunks that were filled by copying, and other people's memory that is
/// lent until it is sent. Ring thread. The array of pieces grows to the connection's high-water mark and stays.
/// </summary>
internal sealed unsafe class SendQueue(SendChunks chunks)
{
    private Piece[] _pieces = new Piece[32];
    private int _head;
    private int _count;

    // The chunk being filled; it is the last piece's, when that piece is a copied one.
    private byte* _open;
    private int _openUsed;
    private int _heldCount;

    /// <summary>Bytes not yet sent.</summary>
    internal int Bytes { get; private set; }

    /// <summary>More of the ring's chunks are held than is fair to its other connections. Never true of an empty queue.</summary>
    internal bool IsOverShare => _heldCount > chunks.ShareCount;

    /// <summary>Copies bytes in.</summary>
    /// <returns><c>false</c>: the ring has no chunk left for this connection, which cannot go on.</returns>
    internal bool TryAppendCopy(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_open is null || _openUsed == SendChunks.ChunkBytes)
            {
                if (!TryOpenChunk()) return false;
            }

            int count = Math.Min(bytes.Length, SendChunks.ChunkBytes - _openUsed);
            bytes[..count].CopyTo(new Span<byte>(_open + _openUsed, count));
            AppendOpen(count);
            bytes = bytes[count..];
        }

        return true;
    }

    /// <summary>Lends memory in.</summary>
    internal void AppendLent(nint address, int length, object owner) => Append(new Piece { Address = (byte*)address, Length = length, Owner = owner });

    /// <summary>Describes the first pieces to the kernel.</summary>
    /// <returns>How many vectors were filled.</returns>
    internal int Describe(IoVector* vectors, int vectorsMax)
    {
        int count = Math.Min(_count, vectorsMax);
        for (int i = 0; i < count; i++)
        {
            ref Piece piece = ref At(i);
            vectors[i].Base = (nint)piece.Address;
            vectors[i].Length = (nuint)piece.Length;
        }

        return count;
    }

    /// <summary>So many bytes are sent: frees what lies wholly before.</summary>
    internal void Advance(int sentBytes, IConnectionHandler handler)
    {
        Debug.Assert(sentBytes <= Bytes);
        Bytes -= sentBytes;
        while (_count > 0)
        {
            ref Piece piece = ref At(0);
            if (sentBytes < piece.Length)
            {
                piece.Address += sentBytes;
                piece.Length -= sentBytes;
                return;
            }

            sentBytes -= piece.Length;
            RemoveFirst(handler);
        }
    }

    /// <summary>Frees everything, sent or not; the kernel must hold none of it.</summary>
    internal void Clear(IConnectionHandler handler)
    {
        while (_count > 0) RemoveFirst(handler);
        Bytes = 0;
    }

    private bool TryOpenChunk()
    {
        if (!chunks.TryRent(_heldCount, out byte* chunk)) return false;
        _heldCount++;
        _open = chunk;
        _openUsed = 0;
        return true;
    }

    private void AppendOpen(int count)
    {
        byte* start = _open + _openUsed;
        _openUsed += count;
        if (_count > 0)
        {
            ref Piece last = ref At(_count - 1);
            if (last.Chunk == _open && last.Address + last.Length == start)
            {
                last.Length += count;
                Bytes += count;
                return;
            }

            // The same chunk, behind somebody's lent memory: the later piece frees it.
            ReleaseFromEarlierPiece(_open);
        }

        Append(new Piece { Address = start, Length = count, Chunk = _open });
    }

    private void ReleaseFromEarlierPiece(byte* chunk)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            ref Piece piece = ref At(i);
            if (piece.Chunk != chunk) continue;
            piece.Chunk = null;
            return;
        }
    }

    private void Append(Piece piece)
    {
        if (_count == _pieces.Length) Grow();
        _pieces[(_head + _count) & (_pieces.Length - 1)] = piece;
        _count++;
        Bytes += piece.Length;
    }

    private void RemoveFirst(IConnectionHandler handler)
    {
        ref Piece piece = ref At(0);
        object? owner = piece.Owner;
        if (piece.Chunk is not null)
        {
            if (piece.Chunk == _open) _open = null;
            chunks.Return(piece.Chunk);
            _heldCount--;
        }

        piece = default;
        _head = (_head + 1) & (_pieces.Length - 1);
        _count--;
        if (owner is not null) handler.OnSent(owner);
    }

    private ref Piece At(int index) => ref _pieces[(_head + index) & (_pieces.Length - 1)];

    private void Grow()
    {
        var larger = new Piece[_pieces.Length * 2];
        for (int i = 0; i < _count; i++) larger[i] = At(i);
        _pieces = larger;
        _head = 0;
    }

    // Chunk: the chunk that is free when this piece is gone; null for lent memory and for all but the last piece of a chunk.
    private struct Piece
    {
        internal byte* Address;
        internal int Length;
        internal byte* Chunk;
        internal object? Owner;
    }
}
