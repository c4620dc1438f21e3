namespace VSan.Tests.Proof.Reservations;

/// <summary>Who is registered and who holds the reservation, by keys; equal when they say the same.</summary>
/// <param name="Keys">The keys, in order, as text.</param>
/// <param name="Holder">The holder's key; 0 for nobody.</param>
internal sealed record ReservationPicture(string Keys, ulong Holder)
{
    public static ReservationPicture Of(IEnumerable<ulong> keys, ulong holder) => new(string.Join(' ', keys.Where(key => key != 0).Order()), holder);
}
