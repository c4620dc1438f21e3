using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace VSan.Station.Store.Sqlite;

/// <summary>Brings a file to the newest schema. The version is the file's <c>user_version</c>; Schema/NNNN-*.sql makes version NNNN of its predecessor.</summary>
internal static class Migrations
{
    /// <summary>Applies what is missing, each in a transaction; a file with content is copied aside first.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer program.</exception>
    public static void Apply(SqliteConnection connection, string path)
    {
        SortedDictionary<int, string> scripts = Scripts();
        int newest = scripts.Keys.Max();
        int version = Version(connection);
        if (version > newest)
            throw new InvalidDataException($"{path} has schema {version}, this program knows up to {newest}: install the newer program, or restore the backup that lies beside the file.");
        if (version == newest) return;
        if (version > 0) BackUp(connection, $"{path}.before-{newest:D4}");
        foreach ((int number, string script) in scripts.Where(script => script.Key > version)) Run(connection, number, script);
    }

    private static int Version(SqliteConnection connection)
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

    private static void BackUp(SqliteConnection connection, string path)
    {
        using SqliteConnection copy = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        copy.Open();
        connection.BackupDatabase(copy);
    }

    private static SortedDictionary<int, string> Scripts()
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
