namespace VSan.Scsi.Reservations;

/// <summary>What a registrant is to be told by a unit attention.</summary>
/// <param name="To">Whom.</param>
/// <param name="What">What.</param>
internal sealed record Telling(Registration To, SharedAttentions What);
