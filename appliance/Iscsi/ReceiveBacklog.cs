namespace VSan.Iscsi;

/// <summary>Bytes that one connection has received and may not act on yet, in order. Ring thread.</summary>
/// <remarks>Consumed from the front without moving the rest; the array is dropped with the connection or when all is consumed.</remarks>
internal sealed class ReceiveBacklog
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public int Length => _end - _start;

    /// <summary>Valid until the next <see cref="Append"/>.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _bytes.Length) MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public void Consume(int bytes)
    {
        _start += bytes;
        if (_start == _end) (_bytes, _start, _end) = ([], 0, 0);
    }

    private void MakeRoom(int bytes)
    {
        byte[] larger = new byte[Math.Max(2 * (Length + bytes), 64 * 1024)];
        Unread.CopyTo(larger);
        (_bytes, _start, _end) = (larger, 0, Length);
    }
}
