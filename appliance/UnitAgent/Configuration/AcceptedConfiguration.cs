using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Configuration;

/// <summary>The last document that this unit accepted, and what it still has to clear away because of it.</summary>
/// <param name="Document">What is to be served.</param>
/// <param name="Removals">Legs that this document or an earlier one wants deleted: their files go once the block server has let go.</param>
internal sealed record AcceptedConfiguration(UnitConfiguration Document, IReadOnlyList<LegRemoval> Removals);

/// <summary>A leg that is to go.</summary>
internal sealed record LegRemoval(Guid StoreId, Guid LegId);
