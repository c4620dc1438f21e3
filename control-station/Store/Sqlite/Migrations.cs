using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace VSan.Station.Store.Sqlite;

/// <summary>Brings a file to the newest schema. The version is the file's <c>user_version</c>; Schema/NNNN-*.sql makes version NNNN of its predecessor.</summary>
internal static class Migrations
{
    private static readonly SortedDictionary<int, string> Scripts = ReadScripts();

    /// <summary>The newest schema that this program knows.</summary>
    public static int Newest => Scripts.Keys.Max();

    /// <summary>Applies what is missing, each in a transaction; a file with content is copied aside first.</summary>
    /// <param name="connection">The file, opened.</param>
    /// <param name="path">Its path.</param>
    /// <param name="backups">Where the copy goes.</param>
    /// <param name="upTo">The version to reach; tests begin with older ones.</param>
    /// <exception cref="InvalidDataException">The file was written by a newer program.</exception>
    public static void Apply(SqliteConnection connection, string path, StoreBackups backups, int? upTo = null)
    {
        int version = Version(connection);
        if (version > Newest)
            throw new InvalidDataException($"{path} has schema {version}, this program knows up to {Newest}: install the newer program, or restore the copy that was made before it (folder {backups.Folder}).");
        int wanted = upTo ?? Newest;
        if (version >= wanted) return;
        if (version > 0) backups.Take(connection, string.Create(CultureInfo.InvariantCulture, $"before-schema-{wanted:D4}"));
        foreach ((int number, string script) in Scripts.Where(script => script.Key > version && script.Key <= wanted)) Run(connection, number, script);
    }

    /// <summary>The schema of a file; 0 for an empty one.</summary>
    public static int Version(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (int)(long)(command.ExecuteScalar() ?? 0L);
    }

    private static void Run(SqliteConnection connection, int number, string script)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The script is a resource of this assembly.
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"{script}\nPRAGMA user_version = {number};");
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private static SortedDictionary<int, string> ReadScripts()
    {
        SortedDictionary<int, string> scripts = [];
        Assembly assembly = typeof(Migrations).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"Resource {name} cannot be opened.");
            using StreamReader reader = new(stream);
            string number = name[(name.IndexOf(".Schema.", StringComparison.Ordinal) + ".Schema.".Length)..].Split('-')[0];
            scripts.Add(int.Parse(number.TrimStart('_'), CultureInfo.InvariantCulture), reader.ReadToEnd());
        }

        return scripts;
    }
}
