namespace VSan.Station.Rest;

/// <summary>An address whose body is a file: it may be long, is read once, and names by itself what it is, so that its repetition needs no key.</summary>
/// <param name="bytesMax">Its length at most.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LargeBodyAttribute(long bytesMax) : Attribute
{
    /// <summary>Length at most.</summary>
    public long BytesMax { get; } = bytesMax;
}
