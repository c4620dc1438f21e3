namespace VSan.UnitAgent.Shares;

/// <summary>What a store says of one of its shares, so that people can tell what lies there.</summary>
/// <param name="UnitId">The unit that made it; another's is not touched.</param>
/// <param name="ShareId">The share.</param>
/// <param name="Name">Its name when it was made.</param>
internal sealed record ShareDescription(Guid UnitId, Guid ShareId, string Name);
