namespace VSan.Block;

/// <summary>What a volume takes of its store, and what is left there, at one moment.</summary>
/// <param name="UsedBytes">Bytes that the volume takes.</param>
/// <param name="AvailableBytes">Bytes that the store has left, for whichever of its volumes writes next.</param>
/// <param name="StoreBytes">Size of the store.</param>
public sealed record VolumeSpace(long UsedBytes, long AvailableBytes, long StoreBytes);
