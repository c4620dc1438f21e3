using System.Data.Common;
using VSan.Station.Store.Sqlite;

namespace VSan.Station.State;

/// <summary>The database of a state directory.</summary>
internal static class StoreFile
{
    /// <exception cref="StationException">It cannot be opened, or a newer program wrote it.</exception>
    public static SqliteStore Open(StateDirectory state)
    {
        state.Reserve(StateDirectory.Database);
        string path = state.PathOf(StateDirectory.Database);
        try
        {
            return SqliteStore.Open(path);
        }
        catch (Exception exception) when (exception is DbException or IOException or InvalidDataException)
        {
            throw new StationException($"The database {path} cannot be opened: {exception.Message} Check the free space, or restore the state directory from a backup.", exception);
        }
    }
}
