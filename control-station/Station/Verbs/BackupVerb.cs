using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VSan.Contracts.Enrolment;
using VSan.Station.Backup;
using VSan.Station.State;
using VSan.Station.Store.Sqlite;

namespace VSan.Station.Verbs;

/// <summary><c>vsan-station backup</c>: one file that brings the station back on another machine. The station may run meanwhile.</summary>
internal static class BackupVerb
{
    public static async Task RunAsync(string path, string statePath, string? passphraseFile, bool withoutKeys, TextWriter output, TimeProvider time)
    {
        string? passphrase = Passphrase.Read(passphraseFile);
        if (passphrase is null != withoutKeys)
            throw new StationException("A backup holds the station's keys. Give --passphrase-file FILE to encrypt them, or --without-keys to leave them out.");
        if (!File.Exists(Path.Combine(statePath, StateDirectory.Identity))) throw new StationException($"{statePath} is not the state directory of a station.");
        path = Path.GetFullPath(path);
        string copy = path + ".db";
        try
        {
            StoreCopy.Take(Path.Combine(statePath, StateDirectory.Database), copy);
            BackupFile.Write(path, Describe(statePath, copy, !withoutKeys, time), withoutKeys ? null : Keys(statePath), passphrase ?? string.Empty, copy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StationException($"The backup was not made: {exception.Message} Check the free space and the owner of both places.", exception);
        }
        finally
        {
            File.Delete(copy);
        }

        await output.WriteLineAsync($"vsan-station: {path} is a backup of {statePath} ({new FileInfo(path).Length} bytes).");
        await output.WriteLineAsync(withoutKeys
            ? $"              It lacks the keys: keep {string.Join(", ", StateDirectory.Keys)} and {StateDirectory.Identity} elsewhere, or all units must join anew and all hosts get new secrets."
            : "              It holds the keys, encrypted: without its passphrase it is of no use.");
    }

    private static BackupManifest Describe(string statePath, string copy, bool hasKeys, TimeProvider time)
    {
        StoreInspection found = StoreInspection.Of(copy);
        if (!found.IsSound) throw new IOException($"The database is not sound: {found.Faults.First()}. vsan-station doctor says more.");
        using StateDirectory state = StateDirectory.Look(statePath);
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(state.Read(StateDirectory.AuthorityCertificate)));
        using FileStream database = File.OpenRead(copy);
        return new BackupManifest(
            BackupManifest.FormatPresent, StationIdentity.Load(state).Name, time.GetUtcNow(), found.Schema, CaFingerprint.Of(authority).Text, database.Length,
            Convert.ToHexStringLower(SHA256.HashData(database)), hasKeys);
    }

    private static Dictionary<string, byte[]> Keys(string statePath) =>
        StateDirectory.Keys.Append(StateDirectory.Identity).ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(statePath, name)));
}
