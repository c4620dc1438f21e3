using System.Security.Cryptography;
using System.Text;
using VSan.Station.Execution;
using Session = VSan.Station.Execution.Session;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>People who have signed in, without the time that a password takes.</summary>
internal static class SignedIn
{
    /// <summary>The bearer token of a new session of a new person.</summary>
    public static Task<string> BearerAsync(IStationStore store, params Binding[] bindings) => BearerAsync(store, null, bindings);

    /// <summary>The same for somebody with a password.</summary>
    public static Task<string> BearerAsync(IStationStore store, string? password, params Binding[] bindings) => store.WriteAsync(
        transaction =>
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            string bearer = Guid.NewGuid().ToString("N");
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bearer)));
            Person person = transaction.Table<Person>().Insert(new Person(Guid.NewGuid(), $"p-{bearer[..8]}", bindings, password is null ? "" : PasswordHash.Of(password), Disabled: false, Totp: null, now));
            transaction.Table<Session>().Insert(new Session(Guid.NewGuid(), hash, person.Id, "127.0.0.1", now, now.AddHours(1)));
            return bearer;
        },
        CancellationToken.None);
}
