namespace VSan.Block;

/// <summary>
/// A contiguous piece of a ring's <see cref="BufferPool"/>, 4096-byte aligned, lent until it is returned.
/// A value: copying it lends nothing more, and exactly one copy is returned.
/// </summary>
public readonly unsafe struct BufferLease : IEquatable<BufferLease>
{
    private readonly byte* _address;

    internal BufferLease(byte* address, int lengthBytes)
    {
        _address = address;
        LengthBytes = lengthBytes;
    }

    /// <summary>Bytes that may be used, at least what was asked for; 0 for the empty lease.</summary>
    public int LengthBytes { get; }

    /// <summary>First byte, for the kernel; zero for the empty lease.</summary>
    public nint Address => (nint)_address;

    /// <summary>True for <c>default</c>: nothing is lent.</summary>
    public bool IsEmpty => _address is null;

    /// <summary>The bytes. Valid until the lease is returned; ring thread only.</summary>
    public Span<byte> Span => new(_address, LengthBytes);

    /// <inheritdoc/>
    public bool Equals(BufferLease other) => _address == other._address && LengthBytes == other.LengthBytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BufferLease other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine((nint)_address, LengthBytes);

    /// <summary>Same piece.</summary>
    public static bool operator ==(BufferLease left, BufferLease right) => left.Equals(right);

    /// <summary>Another piece.</summary>
    public static bool operator !=(BufferLease left, BufferLease right) => !left.Equals(right);
}
