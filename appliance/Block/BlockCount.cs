namespace VSan.Block;

/// <summary>A number of logical blocks; 0 means none, never "as many as there are".</summary>
public readonly record struct BlockCount(ulong Value);
