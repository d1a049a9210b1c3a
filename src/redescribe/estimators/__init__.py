"""scikit-learn style doors onto the library."""
