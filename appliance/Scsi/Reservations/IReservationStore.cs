namespace VSan.Scsi.Reservations;

/// <summary>Where the reservations of one logical unit outlive a loss of power.</summary>
public interface IReservationStore
{
    /// <summary>Replaces what is kept. One at a time for each store.</summary>
    /// <param name="image">A <see cref="ReservationImage"/>; empty: there is nothing to keep any more.</param>
    /// <param name="done">Called once, on any thread: true when the image is durable, false when it may not be.</param>
    void Save(ReadOnlyMemory<byte> image, Action<bool> done);
}
