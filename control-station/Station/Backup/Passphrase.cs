using VSan.Station.State;

namespace VSan.Station.Backup;

/// <summary>Passphrases come from a file: an argument would be seen by every user of the machine.</summary>
internal static class Passphrase
{
    /// <summary>The first line of a file; null without a file.</summary>
    /// <exception cref="StationException">The file cannot be read, or the line is too short.</exception>
    public static string? Read(string? path)
    {
        if (path is null) return null;
        try
        {
            string line = File.ReadLines(path).FirstOrDefault() ?? string.Empty;
            return line.Length >= SealedKeys.PassphraseLengthMin
                ? line
                : throw new StationException($"The passphrase in {path} is too short: its first line must have {SealedKeys.PassphraseLengthMin} characters or more.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StationException($"The passphrase cannot be read: {exception.Message}", exception);
        }
    }
}
