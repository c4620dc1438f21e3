using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using VSan.Station.Certificates;
using VSan.Station.Execution;
using VSan.Station.Link;
using VSan.Station.State;
using VSan.Station.Store.Sqlite;

namespace VSan.Station.Verbs;

/// <summary><c>vsan-station init</c>: makes the state directory, the authority and the first administrator, and prints the sign-in once.</summary>
internal static class InitVerb
{
    public static async Task RunAsync(string statePath, string name, IReadOnlyList<string> addresses, TextWriter output, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        using StateDirectory state = StateDirectory.Open(statePath);
        if (state.Has(StateDirectory.Identity))
            throw new StationException($"{statePath} is initialised already. Run the station with: vsan-station run --state {statePath}");

        if (state.Has(StateDirectory.UnfinishedRestore))
            throw new StationException($"A restore into {statePath} was cut off. Repeat it: vsan-station restore FILE --state {statePath} --yes");

        // An init that was cut off has told nobody a password: it begins again from nothing.
        state.RemoveDatabase();
        using PoolAuthority authority = PoolAuthority.Create(state, name, time);
        using SecretProtector protector = SecretProtector.Create(state);
        (string userName, string password) = await AddAdministratorAsync(state, authority, protector, time, cancellationToken);
        new StationIdentity(name, addresses, time.GetUtcNow()).Save(state);
        FirstSignIn signIn = new(userName, password, authority.Fingerprint.Text);
        await output.WriteLineAsync(JsonSerializer.Serialize(signIn, StationJson.Default.FirstSignIn));
    }

    private static async Task<(string UserName, string Password)> AddAdministratorAsync(
        StateDirectory state, PoolAuthority authority, SecretProtector protector, TimeProvider time, CancellationToken cancellationToken)
    {
        await using SqliteStore store = StoreFile.OpenOrMake(state, time);
        StationLog log = new(NullLogger<StationLog>.Instance);
        StationServices services = StationServices.Create(store, new UnitLinks(), authority, protector, time, log);
        return await services.Users.CreateFirstAdministratorAsync(cancellationToken);
    }
}
