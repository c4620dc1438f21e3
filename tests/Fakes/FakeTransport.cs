using VSan.Iscsi;

namespace VSan.Tests.Fakes;

/// <summary>Collects what a connection sends; a payload is released at once, or when the test says so.</summary>
internal sealed class FakeTransport : IConnectionTransport
{
    private readonly Queue<IPayload> _held = new();
    private byte[] _bytes = new byte[1 << 20];

    public int Length { get; private set; }

    public bool HoldPayloads { get; set; }

    public bool Closed { get; private set; }

    public int QueuedBytes => 0;

    public ReadOnlySpan<byte> Sent => _bytes.AsSpan(0, Length);

    public void Send(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    public unsafe void Send(IPayload payload, int offset, int length)
    {
        new ReadOnlySpan<byte>((byte*)payload.Address + offset, length).CopyTo(Room(length));
        if (HoldPayloads) _held.Enqueue(payload);
        else payload.OnSent();
    }

    public bool ReceivePaused { get; private set; }

    /// <summary>The ring to which the connection moved, and all that it had received.</summary>
    public (int RingIndex, byte[] Received)? Moved { get; private set; }

    public void PauseReceive(bool paused) => ReceivePaused = paused;

    public void MoveTo(int ringIndex, ReadOnlySpan<byte> header, ReadOnlySpan<byte> rest) => Moved = (ringIndex, [.. header, .. rest]);

    public void Close(bool afterSend) => Closed = true;

    public void Clear() => Length = 0;

    /// <summary>As new, for another connection; what the last one still has with the kernel stays there.</summary>
    public void Reopen() => (Length, Closed, ReceivePaused, Moved) = (0, false, false, null);

    public void ReleasePayloads()
    {
        while (_held.TryDequeue(out IPayload? payload)) payload.OnSent();
    }

    private Span<byte> Room(int length)
    {
        while (Length + length > _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        Span<byte> room = _bytes.AsSpan(Length, length);
        Length += length;
        return room;
    }
}
