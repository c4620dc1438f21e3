namespace VSan.Images;

/// <summary>A file is no image of the appliance that may be used.</summary>
/// <param name="message">Why, in one sentence for a person.</param>
public sealed class ImageRefusedException(string message) : Exception(message);
