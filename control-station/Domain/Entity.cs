namespace VSan.Station.Domain;

/// <summary>Something the store keeps. A change makes a new record; whoever holds an older <see cref="Generation"/> is refused.</summary>
/// <param name="Id">Identity, version 7: ids of one table sort by the time of their making, which is the order of lists.</param>
public abstract record Entity(Guid Id)
{
    /// <summary>Counts up with every change, from 1; the store raises it.</summary>
    public long Generation { get; init; } = 1;
}
