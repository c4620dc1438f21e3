using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VSan.Station.State;

namespace VSan.Station.Certificates;

/// <summary>Keys and certificates as PEM files in the state directory.</summary>
internal static class KeyFiles
{
    public static void Save(StateDirectory state, string certificateName, string keyName, X509Certificate2 certificate, ECDsa key)
    {
        state.Write(keyName, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        state.Write(certificateName, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
    }

    /// <summary>A certificate with its private key.</summary>
    public static X509Certificate2 Load(StateDirectory state, string certificateName, string keyName)
    {
        string certificate = Encoding.ASCII.GetString(state.Read(certificateName));
        string key = Encoding.ASCII.GetString(state.Read(keyName));
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (CryptographicException exception)
        {
            throw new StationException($"{state.PathOf(certificateName)} and {keyName} do not belong together: {exception.Message}", exception);
        }
    }
}
