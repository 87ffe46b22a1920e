"""The blocks of the YAML file, each the model of one thing that rules may say."""
