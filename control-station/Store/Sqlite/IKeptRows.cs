namespace VSan.Station.Store.Sqlite;

/// <summary>Kept records of some kind, for whoever ends transactions.</summary>
internal interface IKeptRows
{
    /// <summary>The writer's transaction has ended; what one that was undone has changed is read anew.</summary>
    void End(bool committed);
}
