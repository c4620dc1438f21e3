using System.Data.Common;
using VSan.Station.Execution;
using VSan.Station.Store.Sqlite;

namespace VSan.Station.State;

/// <summary>The database of a state directory.</summary>
internal static class StoreFile
{
    /// <summary>Opens the database of a station that was initialised. One that is gone is not made anew: that would be an empty station.</summary>
    /// <exception cref="StationException">It cannot be opened, is damaged or gone, or a newer program wrote it.</exception>
    public static SqliteStore Open(StateDirectory state, TimeProvider time)
    {
        string path = state.PathOf(StateDirectory.Database);
        if (state.Has(StateDirectory.UnfinishedRestore))
            throw new StationException($"A restore into {state.Location} was cut off. Repeat it: vsan-station restore FILE --state {state.Location} --yes");
        if (new FileInfo(path) is { Exists: false } or { Length: 0 })
            throw new StationException($"The database {path} is gone. {new StoreBackups(path, time).Advice}");
        return OpenOrMake(state, time);
    }

    /// <summary>Opens the database, and makes it when there is none.</summary>
    /// <exception cref="StationException">It cannot be opened, is damaged, or a newer program wrote it.</exception>
    public static SqliteStore OpenOrMake(StateDirectory state, TimeProvider time)
    {
        state.Reserve(StateDirectory.Database);
        string path = state.PathOf(StateDirectory.Database);
        try
        {
            return SqliteStore.Open(path, time);
        }
        catch (StoreDamagedException exception)
        {
            throw new StationException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is DbException or IOException or InvalidDataException)
        {
            throw new StationException($"The database {path} cannot be opened: {exception.Message} Check the free space with vsan-station doctor, or restore a backup.", exception);
        }
    }
}
