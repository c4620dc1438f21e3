using System.Security.Cryptography;

namespace VSan.Station.Execution;

/// <summary>Makes and checks passwords, one at a time in the whole process: each takes a core for a fifth of a second, and the pool must go on beside it.</summary>
internal static class Passwords
{
    private const int MadeLength = 20;
    private const int LengthMin = 12;
    private const int LengthMax = 256;

    // Without the characters that look alike: 57 of them, so 20 are 116 bits.
    private const string Characters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private static readonly SemaphoreSlim Checks = new(1);

    /// <summary>A password that nobody chose.</summary>
    public static string Make() => RandomNumberGenerator.GetString(Characters, MadeLength);

    /// <summary>Refuses what is too short to resist guessing.</summary>
    public static string Require(string password, string pointer) =>
        password.Length is >= LengthMin and <= LengthMax ? password : throw ProblemException.Field(pointer, $"must have {LengthMin} to {LengthMax} characters.");

    /// <summary>Hashes a password.</summary>
    public static Task<string> HashAsync(string password, CancellationToken cancellationToken) => OneAtATimeAsync(() => PasswordHash.Of(password), cancellationToken);

    /// <summary>Compares a password with what is stored.</summary>
    public static Task<bool> FitsAsync(string password, string stored, CancellationToken cancellationToken) =>
        OneAtATimeAsync(() => PasswordHash.Fits(password, stored), cancellationToken);

    private static async Task<T> OneAtATimeAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await Checks.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            Checks.Release();
        }
    }
}
